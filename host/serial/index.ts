/**
 * Talking to a board, over a serial port, a pseudo terminal or TCP: what every command that touches a
 * board uses.
 *
 *     const port = await choosePort(values.port);            // or asks, or names what it looked for
 *     const board = await openBoard(port);                   // answers, or throws a BoardError
 *     await board.evaluate<number>("process.memory().free")  // the application goes on
 *     const stop = board.onText((text) => …);                // the console, without our answers
 *     await writeFile(board, "name", bytes, { onProgress }); // Storage; compares the digest
 *     await board.close();
 *
 * - `choosePort(named, options)`: `--port`, else the only candidate, else asks on a terminal.
 * - `openBoard(port, options)`: `/dev/tty…`, `COM…`, `tcp://host:port`, or any `Connection`; with
 *   `patience: 0` it need not answer, `awaitAnswer` then waits for that.
 * - `Board`: `evaluate` (once; throws `EvaluationError` with the board's stack), `query` (the same for
 *   what may be asked twice: it asks again after noise), `run` (no answer), `type` (keystrokes),
 *   `onText`, `onClose`, `resetLine`, `close`.
 * - Storage: `listFiles`, `storageStats`, `fileDigest`, `readFile`, `writeFile`, `removeFile`,
 *   `compactStorage`, `eraseStorage`; flash: `writeFlash`, `eraseFlash`; both by `transfer`, which
 *   sends bytes fast, checked and acknowledged, and reports progress.
 * - `BoardError`: message with cause and next step, `trouble`, and `exitCode` for the command:
 *   3 no port, 4 can't be opened, 5 silent, 7 lost or nothing gets through, 8 the board refuses.
 * @module
 */
export { Board, type EvaluateOptions } from "./board.ts";
export { compress } from "./compress.ts";
export { type Connection, type ConnectionEvents, Mailbox } from "./connection.ts";
export {
  BoardError,
  type BoardTrouble,
  EvaluationError,
  TROUBLE_EXIT_CODES,
} from "./errors.ts";
export { literal } from "./framing.ts";
export { awaitAnswer, type OpenOptions, openBoard, openConnection } from "./open.ts";
export {
  type ChooseOptions,
  candidates,
  choosePort,
  listPorts,
  type PortChoice,
} from "./ports.ts";
export {
  compactStorage,
  type Digest,
  digestOf,
  eraseFlash,
  eraseStorage,
  fileDigest,
  LONGEST_NAME,
  listFiles,
  readFile,
  removeFile,
  type StorageStats,
  sameDigest,
  storageStats,
  writeFile,
  writeFlash,
} from "./storage.ts";
export { type Progress, type TransferFigures, type TransferOptions, transfer } from "./transfer.ts";
