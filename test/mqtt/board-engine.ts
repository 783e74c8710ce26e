/**
 * Runs a device program on the virtual board: `tsx board-engine.ts PROGRAM`. The board is the Linux
 * one, whose network needs no log-on.
 * @module
 */
import { readFileSync } from "node:fs";
import { createVirtualBoard, FlashImage } from "../../host/board/index.ts";
import { loadBoard } from "../../host/build/boards.ts";

const [, , program] = process.argv;
if (program === undefined) throw new Error("expected the path of a program");
const board = await loadBoard("linux");
// In the folder of the run, which is removed with it.
const flash = "virtual.flash";
const image = FlashImage.open(flash, board.machine);
image.writeFile(".bootcde", readFileSync(program));
image.close();

const virtual = createVirtualBoard({ board, flash });
virtual.onConsole((text) => process.stdout.write(text, "latin1"));
virtual.onRestart((cause) => console.log(`Uncaught restart: ${cause}`));
await virtual.powerOn();
