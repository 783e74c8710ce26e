/**
 * Fifty sub-devices on one board, virtual and real: all are logged on, all reports arrive, and all come
 * back after the connection was lost.
 * @module
 */
import assert from "node:assert/strict";
import test from "node:test";
import { findInterpreter } from "../../host/board/index.ts";
import type { BuildResult } from "../../host/build/index.ts";
import type { Engine } from "../../host/demo/stage.ts";
import { buildMany, nameOf, openMany, SENSOR } from "./many.ts";

const COUNT = 50;
const engines: Engine[] = findInterpreter() === undefined ? ["virtual"] : ["virtual", "espruino"];
let built: Promise<BuildResult> | undefined;

for (const engine of engines) {
  test(`${COUNT} sub-devices on one board, ${engine}`, async (context) => {
    built ??= buildMany();
    const { stage, printed } = await openMany(await built, engine, COUNT);
    context.after(() => stage.close());
    const { cloud, device } = stage;
    await stage.board.powerOn();
    assert.equal((await printed(/added, code (\d+)\s/))[1], "200");
    assert.equal((await printed(/logged on, (\w+)\s/))[1], "true");
    await printed(/all reported/);
    const numbers = Array.from({ length: COUNT }, (_, number) => number);
    for (const number of numbers) {
      const view = cloud.device(SENSOR, nameOf(number));
      assert.equal((await view.properties()).temperature?.value, number + 1);
    }
    const back = new Set<string>();
    const all = new Promise<void>((resolve) => {
      cloud.trace.on("status", ({ device: { productKey, deviceName }, online }) => {
        if (online && productKey === SENSOR) back.add(deviceName);
        if (back.size === COUNT) resolve();
      });
    });
    await cloud.disconnect(device);
    await all;
    // Sub-devices have no filters: the gateway would soon have more than the platform allows.
    assert.equal(cloud.registry.broker.session(device)?.filters.size, 16);
  });
}
