/**
 * The usage example with the modem's TLS: the platform's certificate is verified by the modem, on
 * the virtual board and on the real interpreter.
 * @module
 */
import assert from "node:assert/strict";
import test from "node:test";
import { findInterpreter } from "../../host/board/index.ts";
import { runWalk, walk } from "../../host/demo/walk.ts";
import { noPty } from "../../host/modem/pty.ts";
import { type EngineUnderTest, stageFor } from "./engines.ts";

const virtual: EngineUnderTest = {
  name: "virtual board",
  board: "esp32-ec600n",
  engine: "virtual",
};
const real: EngineUnderTest = { name: "interpreter", board: "linux-modem", engine: "espruino" };

const noReal = (findInterpreter() === undefined && "no Espruino on this machine") || noPty();

for (const engine of [virtual, real]) {
  const skip = engine === real && noReal !== undefined ? noReal : false;
  test(`the usage example by the modem's TLS on ${engine.name}`, { skip }, async (context) => {
    const stage = await stageFor(engine, { tls: true });
    context.after(() => stage.close());
    let printed = "";
    stage.board.onConsole((text) => {
      printed += text;
    });
    const results = await runWalk(stage, walk, () => {});
    const missing = results.find((result) => result.missing !== undefined);
    assert.equal(missing, undefined, `${JSON.stringify(missing)}\n${printed}`);
    assert.doesNotMatch(printed, /does not verify the server|not verified/);
    assert.deepEqual(stage.modem?.nvram.files.names().length, 1, "the authority was uploaded once");
  });
}
