/**
 * The very bundle over a modem: on the virtual board with the simulator beside it, and on the real
 * interpreter through a pseudo terminal.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findInterpreter } from "../../host/board/index.ts";
import { modemSteps } from "../../host/demo/modem-upgrade.ts";
import { imageFor, updates } from "../../host/demo/updates.ts";
import { farewell, runWalk, walk } from "../../host/demo/walk.ts";
import { noPty } from "../../host/modem/pty.ts";
import { type EngineUnderTest, stageFor } from "./engines.ts";

/** What an update has to bring over the modem at least. */
const LEAST_IMAGE = 40_000;

const engines: (EngineUnderTest & { skip: string | false })[] = [
  { name: "virtual board", board: "esp32-ec600n", engine: "virtual", skip: false },
  {
    name: "interpreter",
    board: "linux-modem",
    engine: "espruino",
    skip: (findInterpreter() === undefined && "no Espruino on this machine") || (noPty() ?? false),
  },
];

function overModem({ skip, ...engine }: (typeof engines)[number]): void {
  test(engine.name, { skip }, async (context) => {
    const stage = await stageFor(engine);
    context.after(() => stage.close());
    assert.ok(imageFor(stage, "1.1.0").length >= LEAST_IMAGE);
    let printed = "";
    const told: string[] = [];
    stage.board.onConsole((text) => {
      printed += text;
    });
    stage.onModem((line) => told.push(line));
    // Once is enough for what takes the modem longest.
    const upgrades = engine.engine === "virtual" ? modemSteps(stage) : [];
    const steps = [...walk, ...updates, ...upgrades, farewell];
    const results = await runWalk(stage, steps, () => {});
    const missing = results.find((result) => result.missing !== undefined);
    assert.equal(missing, undefined, `${JSON.stringify(missing)}\n${printed}\n${told.join("\n")}`);
    assert.equal(results.length, steps.length);
    for (const line of [
      "started",
      "registered, home network, cell 1A2B 01C3D4E5",
      "operator CHINA MOBILE",
      "signal -65 dBm, 4 of 4",
      // The network was cut.
      "searching a network",
      ...(upgrades.length > 0 ? ["upgrade END 0"] : []),
    ])
      assert.ok(told.includes(line), `"${line}" is missing in:\n${told.join("\n")}`);
  });
}

describe("the usage example over a modem", { concurrency: true }, () => {
  for (const engine of engines) overModem(engine);
});
