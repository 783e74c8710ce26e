/**
 * What waits for a page: bounded, told once, and honest about what was left out.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../host/console/outbox.ts";
import type { MessageRow } from "../../host/console/protocol.ts";

const ALL = { devices: true, messages: true, updates: true };

function message(id: number): MessageRow {
  const device = { productKey: "a1", deviceName: "one" };
  const rest = { at: 0, direction: "up", topic: "/", payload: "", bytes: 0, qos: 0 } as const;
  return { id, ...device, ...rest };
}

test("the newest messages stay, and those left out are counted once", () => {
  const outbox = new Outbox(ALL);
  for (let id = 1; id <= 800; id++) outbox.message(message(id));
  const { messages } = outbox.take();
  assert.equal(messages?.skipped, 300);
  assert.deepEqual([messages?.rows.length, messages?.rows[0]?.id], [500, 301]);
  assert.equal(outbox.take().messages, undefined);
});

test("a device that changed often is told once", () => {
  const outbox = new Outbox(ALL);
  for (let i = 0; i < 100; i++) outbox.device({ productKey: "a1", deviceName: "one" });
  outbox.device({ productKey: "a1", deviceName: "two" });
  assert.equal(outbox.take().devices.length, 2);
  assert.equal(outbox.take().devices.length, 0);
});

test("too many entries of a device make the page fetch again", () => {
  const outbox = new Outbox(ALL);
  const entry = { identifier: "energy", time: 1, value: 1 };
  for (let i = 0; i < 1000; i++) outbox.entry({ kind: "property", entry });
  assert.equal(outbox.take().resync, false);
  for (let i = 0; i < 1001; i++) outbox.entry({ kind: "property", entry });
  const { entries, resync } = outbox.take();
  assert.deepEqual([entries.length, resync], [1000, true]);
});

test("whoever waits is woken by news and by the end", async () => {
  const outbox = new Outbox(ALL);
  const news = outbox.filled(60_000);
  outbox.faults();
  await news;
  assert.equal(outbox.take().faults, true);
  const end = outbox.filled(60_000);
  outbox.close();
  await end;
  assert.equal(outbox.isClosed, true);
});
