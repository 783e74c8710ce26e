import assert from "node:assert/strict";
import test from "node:test";
import { updates } from "../../host/demo/updates.ts";
import { farewell, runWalk, walk } from "../../host/demo/walk.ts";
import { engines, stageFor } from "./engines.ts";

const steps = [...walk, ...updates, farewell];

for (const engine of engines()) {
  for (const tls of [false, true]) {
    test(`the usage example on ${engine.name}${tls ? " over TLS" : ""}`, async (context) => {
      const stage = await stageFor(engine, { tls });
      context.after(() => stage.close());
      let printed = "";
      stage.board.onConsole((text) => {
        printed += text;
      });
      const results = await runWalk(stage, steps, () => {});
      const missing = results.find((result) => result.missing !== undefined);
      assert.equal(missing, undefined, `${JSON.stringify(missing)}\n${printed}`);
      assert.equal(results.length, steps.length);
      assert.equal(/does not verify the server/.test(printed), tls);
    });
  }
}
