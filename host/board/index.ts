/**
 * Boards that can be switched on and off: the virtual one and the real interpreter.
 * @module
 */

export { ConsoleServer } from "./console-server.ts";
export { findInterpreter } from "./find-interpreter.ts";
export { FlashImage } from "./flash/flash-image.ts";
export { createInterpreterBoard, InterpreterBoard } from "./interpreter-board.ts";
export type { BoardFile, PoweredBoard } from "./power.ts";
export { createVirtualBoard, VirtualBoard, type VirtualBoardOptions } from "./virtual-board.ts";
