/**
 * The messages that the console keeps: whole, in order, and no more than it says.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Trace, type TraceMessage } from "../../host/cloud/trace.ts";
import { Messages } from "../../host/console/messages.ts";

const device = { productKey: "a1Test", deviceName: "dev_1" };
const other = { productKey: "a1Test", deviceName: "dev_2" };

function message(payload: string, more: Partial<TraceMessage> = {}): TraceMessage {
  const topic = "/a1Test/dev_1/user/中文";
  return { at: 5, device, direction: "up", topic, payload: Buffer.from(payload), qos: 1, ...more };
}

test("rows say what came, short and long, and stay when places are used again", () => {
  const trace = new Trace();
  const messages = new Messages(trace);
  const rows: unknown[] = [];
  messages.on("kept", (kept) => rows.push(kept.row()));
  const payload = Buffer.from('{"text":"温度"}');
  trace.emit("message", message("", { payload, code: 200, note: "fine" }));
  // What was copied does not change with the buffer that it came in.
  payload.fill(0);
  trace.emit("message", message("x".repeat(5000), { device: other, direction: "down", qos: 0 }));
  trace.emit("message", message(""));
  const first = {
    ...{ id: 1, at: 5, ...device, direction: "up", topic: "/a1Test/dev_1/user/中文" },
    ...{ payload: '{"text":"温度"}', bytes: 17, qos: 1, code: 200, note: "fine" },
  };
  const second = {
    ...{ id: 2, at: 5, ...other, direction: "down", topic: "/a1Test/dev_1/user/中文" },
    ...{ payload: `${"x".repeat(4000)}…`, bytes: 5000, qos: 0 },
  };
  const third = {
    ...{ id: 3, at: 5, ...device, direction: "up", topic: "/a1Test/dev_1/user/中文" },
    ...{ payload: "", bytes: 0, qos: 1 },
  };
  assert.deepEqual(messages.list(), [first, second, third]);
  assert.deepEqual(rows, [first, second, third]);
  assert.deepEqual(messages.list(other), [second]);
  assert.deepEqual(messages.list(device, 1), [third]);
  for (let n = 0; n < 2500; n++) trace.emit("message", message(String(n)));
  const kept = messages.list();
  assert.equal(kept.length, 2000);
  assert.deepEqual(
    kept.map(({ id, payload }) => [id, payload]),
    Array.from({ length: 2000 }, (_, n) => [504 + n, String(500 + n)]),
  );
  assert.deepEqual(rows[0], first);
  messages.close();
  trace.emit("message", message("late"));
  assert.equal(messages.list().at(-1)?.payload, "2499");
});
