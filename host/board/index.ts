/**
 * Boards that can be switched on and off: the virtual one and the real interpreter.
 * @module
 */

export { ConsoleServer } from "./console-server.ts";
export { type Companion, DrivenBoard, type DrivenBoardOptions } from "./driven-board.ts";
export { findInterpreter } from "./find-interpreter.ts";
export { FileStore } from "./flash/file-store.ts";
export { FlashImage } from "./flash/flash-image.ts";
export { createInterpreterBoard, InterpreterBoard } from "./interpreter-board.ts";
export type { PinPeer, SerialPeer } from "./peers.ts";
export type { BoardFile, PoweredBoard } from "./power.ts";
export { createVirtualBoard, VirtualBoard, type VirtualBoardOptions } from "./virtual-board.ts";
