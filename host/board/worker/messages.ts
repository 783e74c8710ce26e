/**
 * What the board's worker thread and the main thread say to each other. The main thread owns the
 * real sockets; the worker may wait for it, as the interpreter waits for a connection.
 * @module
 */
import type { MessagePort } from "node:worker_threads";
import type { FlashFault } from "../flash/nor-flash.ts";
import type { BoardFacts } from "../interpreter/core.ts";
import type { Level, WifiWorld } from "../interpreter/host.ts";

/** Places in the shared memory. */
export const shared = {
  /** 1 when an answer to a request lies in the port. */
  reply: 0,
  /** Console bytes that the main thread has taken. */
  consoleTaken: 1,
  /** Number of the current power-on; 0 while the power is off. */
  power: 2,
  /** 1 after Ctrl-C. */
  interrupt: 3,
  /** The first of the serial ports' places: bytes that the port's peer has taken. */
  serialTaken: 4,
} as const;

/** What a board begins with in its thread. */
export interface WorkerSetup {
  board: BoardFacts;
  flash: string;
  wifi: WifiWorld;
  /** Names of the serial ports that something is joined to. */
  serialPorts: string[];
  memory: SharedArrayBuffer;
}

/** What a thread is told once for each board; all else of the board goes through its port. */
export interface Begin {
  setup: WorkerSetup;
  port: MessagePort;
}

/** An operation of the flash, counted from power-on, and what goes wrong with it. */
export interface PlannedFault {
  operation: number;
  fault: FlashFault;
}

export type ToWorker =
  | { kind: "power-on"; generation: number; faults: PlannedFault[]; lowPins: string[] }
  | { kind: "power-off" }
  | { kind: "type"; text: string }
  | { kind: "reply"; result: unknown }
  | { kind: "socket-data"; id: number; bytes: Uint8Array }
  | { kind: "socket-sent"; id: number; count: number }
  | { kind: "socket-closed"; id: number }
  | { kind: "socket-accepted"; listener: number; id: number }
  | { kind: "serial"; port: string; bytes: string }
  | { kind: "pin"; pin: string; low: boolean }
  | { kind: "wifi"; world: WifiWorld };

/** A request that the worker waits for. */
export type Request =
  | { kind: "connect"; id: number; host: string; port: number }
  | { kind: "listen"; id: number; port: number }
  | { kind: "resolve"; host: string };

export type FromWorker =
  | { kind: "request"; request: Request }
  | { kind: "on" }
  | { kind: "off"; cause: "switched" | "power-cut" | "exit"; operations: number }
  | { kind: "rebooted"; cause: string }
  | { kind: "failed"; error: Error }
  | { kind: "console"; text: string }
  | { kind: "serial-send"; port: string; bytes: string; generation: number }
  | { kind: "pin"; pin: string; level: Level | undefined }
  | { kind: "socket-send"; id: number; bytes: Uint8Array }
  | { kind: "socket-taken"; id: number; count: number }
  | { kind: "socket-close"; id: number };
