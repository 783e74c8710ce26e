import "../device-globals.ts";
import assert from "node:assert/strict";
import test from "node:test";
import { Subscriptions } from "../../src/ali/subscriptions.ts";
import { topicsOf } from "../../src/ali/topics.ts";
import { setLogLevel } from "../../src/debug/log.ts";
import type { MqttClient, MqttError } from "../../src/mqtt/client.ts";

setLogLevel("off");
const topics = topicsOf({ productKey: "pk", deviceName: "dn", deviceSecret: "s", server: "h" });

/** A client that answers each SUBSCRIBE as `grant` says. */
function client(grant: (filter: string) => number, error: MqttError | null = null) {
  const asked: string[][] = [];
  const fake = {
    isOnline: true,
    subscribe(
      filters: string[],
      _qos: number,
      done: (error: MqttError | null, granted: number[]) => void,
    ) {
      asked.push(filters);
      done(error, error ? [] : filters.map(grant));
    },
  };
  return { asked, client: fake as unknown as MqttClient };
}

function subscribeAll(subscriptions: Subscriptions) {
  const calls: { error: MqttError | null; refused: string }[] = [];
  subscriptions.subscribeAll((error, refused) => calls.push({ error, refused }));
  return calls;
}

test("everything is subscribed, a few filters at a time", () => {
  const peer = client(() => 1);
  const subscriptions = new Subscriptions(peer.client, topics);
  for (let i = 0; i < 20; i++) subscriptions.addEvent(`event${i}`);
  peer.asked.splice(0);
  assert.deepEqual(subscribeAll(subscriptions), [{ error: null, refused: "" }]);
  const filters = peer.asked.flat();
  assert.equal(new Set(filters).size, 25);
  assert.ok(filters.includes("/sys/pk/dn/thing/event/event19/post_reply"));
  assert.ok(filters.includes("/ota/device/upgrade/pk/dn"));
  assert.ok(peer.asked.every((batch) => batch.length <= 8));
});

test("the first refused filter is told, and the others are subscribed all the same", () => {
  const peer = client((filter) => (filter.includes("/rrpc/") ? 128 : 1));
  const subscriptions = new Subscriptions(peer.client, topics);
  for (let i = 0; i < 10; i++) subscriptions.addService(`service${i}`);
  peer.asked.splice(0);
  assert.deepEqual(subscribeAll(subscriptions), [
    { error: null, refused: "/sys/pk/dn/rrpc/request/+" },
  ]);
  assert.equal(peer.asked.flat().length, 15);
});

test("a lost connection ends it with the connection's error", () => {
  const lost = { code: 12, name: "connection closed", message: "connection closed" };
  const peer = client(() => 1, lost);
  const calls = subscribeAll(new Subscriptions(peer.client, topics));
  assert.deepEqual(calls, [{ error: lost, refused: "" }]);
});
