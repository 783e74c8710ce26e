/**
 * Runs a device program on a virtual board: `tsx board-engine.ts BOARD PROGRAM`.
 * @module
 */
import { readFileSync } from "node:fs";
import { createVirtualBoard, FlashImage } from "../host/board/index.ts";
import { loadBoard } from "../host/build/boards.ts";

const [, , name, program] = process.argv;
if (name === undefined || program === undefined) throw new Error("expected BOARD PROGRAM");
const board = await loadBoard(name);
// In the folder of the run, which is removed with it.
const flash = "virtual.flash";
const image = FlashImage.open(flash, board.machine);
image.writeFile(".bootcde", readFileSync(program));
image.close();

const virtual = createVirtualBoard({ board, flash });
virtual.onConsole((text) => process.stdout.write(text, "latin1"));
virtual.onRestart((cause) => console.log(`Uncaught restart: ${cause}`));
await virtual.powerOn();
