import assert from "node:assert/strict";
import { said, testExample } from "./run.ts";

testExample("tags", async (stage, printed) => {
  const { watch, cloud, device } = stage;
  await said(stage.board, printed, /tags 200 \[\{"attrKey":"site","attrValue":"hall-3"\}\]/);
  assert.deepEqual(cloud.tags.get(device), { site: "hall-3" });
  const ups = watch.seen.filter((seen) => seen.kind === "message" && seen.direction === "up");
  const about = ups.flatMap((up) => (up.kind === "message" ? [[up.topic, up.code]] : []));
  const own = `/sys/${device.productKey}/${device.deviceName}/thing/deviceinfo`;
  assert.deepEqual(about, [
    [`${own}/update`, 200],
    [`${own}/delete`, 200],
    [`${own}/get`, 200],
  ]);
});
