/**
 * The interpreter's error flags.
 * @module
 */

/** Names of the interpreter's error flags. */
export type ErrorFlag =
  | "FIFO_FULL"
  | "BUFFER_FULL"
  | "CALLBACK"
  | "LOW_MEMORY"
  | "MEMORY"
  | "UART_OVERFLOW"
  | "MEMORY_BUSY";
