/**
 * What the interpreter's parts share: the context, the world outside, the queue of events.
 * @module
 */
import type { DeviceBoard, Machine } from "../../../boards/board.ts";
import type { FileStore } from "../flash/file-store.ts";
import type { ErrorFlag } from "./flags.ts";
import type { Host } from "./host.ts";
import type { Realm, Value } from "./realm.ts";
import type { Streams } from "./streams.ts";

/** What a board file exports. */
export interface BoardFile {
  device: DeviceBoard;
  machine: Machine;
}

/** What the interpreter goes by: without functions, so that a thread can be given it. */
export interface BoardFacts {
  device: { unicode: boolean };
  machine: Machine;
}

/** Whether the board's interpreter is a program on Linux: no chip, no Wi-Fi or pins of its own. */
export function runsOnLinux({ machine }: BoardFacts): boolean {
  return /^(LINUX|RASPBERRYPI)/.test(machine.interpreter.board);
}

/** Where a text was read: the file, its address then, and the text's place in it. */
export interface View {
  file: string;
  address: number;
  offset: number;
}

/** The interpreter as its parts see it. */
export interface Core {
  readonly board: BoardFacts;
  readonly realm: Realm;
  readonly host: Host;
  readonly store: FileStore;
  /** Built-in modules by name; made when first required. */
  readonly builtins: Map<string, () => Value>;
  /** Run once a turn of the idle loop; true when there was work. */
  readonly idleTasks: (() => boolean)[];
  /** Run before a reset, after the `kill` event. */
  readonly killTasks: (() => void)[];
  readonly streams: Streams;
  /** Addresses of the files whose contents the script may be running. */
  readonly codePlaces: Set<number>;
  /** Long texts read from Storage: views of the flash that take no RAM; where they were read. */
  readonly views: Map<string, View>;
  /** Milliseconds since 1970 as scripts see them. */
  now(): number;
  /** Calls into the script from the idle loop; errors are reported. False when interrupted. */
  call(callback: Value, self: Value, args: Value[]): boolean;
  /** Calls back from the idle loop's event queue: a function, a text or an array of them. */
  queue(callback: Value, self: Value, args: Value[]): void;
  /** Queues the listeners of an event, if there are any now. */
  emit(target: Value, event: string, ...args: Value[]): boolean;
  /** Reports an exception as the idle loop does. */
  report(error: unknown): void;
  /** Prints to the console, past whatever is being typed. */
  print(text: string): void;
  /** Raises error flags. */
  flag(...flags: ErrorFlag[]): void;
  /** Evaluates a script of the board in the global scope. */
  evaluate(source: string, file: string): Value;
  /** Ends the turn with a restart: `reset`, `load`, a reboot. */
  restart(kind: RestartKind): void;
  /** Bytes of a string, array or buffer of the script's. */
  bytes(value: Value): Uint8Array;
  /** A value as text, as the interpreter converts it. */
  text(value: Value): string;
}

export type RestartKind =
  | { kind: "reboot" }
  | { kind: "reset"; clear: boolean }
  | { kind: "load"; file?: string };
