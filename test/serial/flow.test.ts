/**
 * Flow control: nothing is sent between XOFF and XON.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Board, type ConnectionEvents } from "../../host/serial/index.ts";

test("a board that asks to wait gets nothing until it says go on", async () => {
  let written = "";
  let events: ConnectionEvents | undefined;
  const board = new Board({
    name: "a port",
    lossy: true,
    listen: (listener) => {
      events = listener;
    },
    write: async (bytes) => {
      written += bytes;
      // In the middle of what is sent.
      if (written.length === 512) events?.data("\x13");
    },
    close: async () => events?.closed(),
  });
  const sent = board.type("x".repeat(1500));
  for (let i = 0; i < 20; i++) await setImmediate();
  assert.equal(written.length, 512);
  events?.data("\x11");
  await sent;
  assert.equal(written.length, 1500);
  await board.close();
  await assert.rejects(board.evaluate("1"), /was closed/);
});
