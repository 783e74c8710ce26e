/**
 * The example of uploads; the link is cut in the middle of the first one.
 * @module
 */
import assert from "node:assert/strict";
import { testExample } from "./run.ts";

const lines = Array.from({ length: 1440 }, (_, minute) => `${minute},${20 + (minute % 7)}`);
const expected = lines.map((line) => `${line.padEnd(15)}\n`).join("");

testExample("file-upload", async ({ board, cloud, network, device, watch }, printed) => {
  const said = new Promise<void>((resolve) => {
    board.onConsole(() => {
      if (printed().split("upload: ").length === 3) resolve();
    });
  });
  let blocks = 0;
  cloud.trace.on("message", ({ topic }) => {
    if (topic.endsWith("/mqtt/send") && ++blocks === 4) network.cutOnce();
  });
  await watch.wait(
    "the end of the second upload",
    0,
    (seen) => seen.kind === "message" && String(seen.payload).includes('"ficValueServer":'),
  );
  await said;
  assert.match(printed(), /day\.csv: 23040 of 23040\s+upload: 200 success\s/);
  assert.match(printed(), /summary\.txt: 27 of 27\s+upload: 200 success\s/);
  const files = await cloud.deviceFiles.ofDevice(device);
  assert.deepEqual(
    files.map(({ name, complete }) => [name, complete]),
    [
      ["day.csv", true],
      ["summary.txt", true],
    ],
  );
  const texts = await Promise.all(files.map(async (file) => cloud.deviceFiles.read(file)));
  assert.deepEqual(texts.map(String), [expected, "1440 minutes, 20 to 26 °C\n"]);

  const asked = watch.seen.flatMap((seen) => {
    if (seen.kind !== "message" || !seen.topic.endsWith("/mqtt/init")) return [];
    const { fileName, conflictStrategy } = JSON.parse(String(seen.payload)).params;
    return [`${fileName} ${conflictStrategy}`];
  });
  const resumed = ["day.csv overwrite", "day.csv append", "summary.txt overwrite"];
  assert.deepEqual(asked, resumed, "asked where the platform stands");
  assert.ok(blocks <= 15, `${blocks} blocks for 13`);
});
