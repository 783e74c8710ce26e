import assert from "node:assert/strict";
import { testExample } from "./run.ts";

testExample("log-upload", async ({ watch, cloud, device, board }, printed) => {
  await watch.message("down", "/thing/config/log/get_reply");
  const from = watch.now;
  await board.powerOff();
  assert.match(printed(), /pump: runs dry/);
  assert.deepEqual(await cloud.logs.lines(device), [], "nothing unless it is wanted");
  await cloud.logs.set(device, true);
  await board.powerOn();
  const { code } = await watch.message("down", "/thing/log/post_reply", from);
  assert.equal(code, 200);
  const [line, ...others] = await cloud.logs.lines(device);
  assert.ok(line);
  assert.deepEqual([line.level, line.module, line.content], ["WARN", "pump", "runs dry"]);
  assert.ok(Math.abs(line.time - line.at) < 60_000);
  assert.deepEqual(others, []);
});
