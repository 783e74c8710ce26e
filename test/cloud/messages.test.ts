/**
 * What devices may publish and subscribe to, and how messages reach them.
 * @module
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, afterEach, before, test } from "node:test";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import type { TraceMessage } from "../../host/cloud/trace.ts";
import { type DeviceOptions, TestDevice } from "./device.ts";

let cloud: Cloud;
let open: TestDevice[] = [];
before(async () => {
  cloud = await startCloud();
});
afterEach(async () => {
  for (const device of open) await device.end();
  open = [];
});
after(() => cloud.close());

async function logOn(options: DeviceOptions = {}): Promise<TestDevice> {
  const device = await TestDevice.connect(cloud, options);
  open.push(device);
  return device;
}

/** The platform's note about the next message from a device. */
async function noted(publish: () => Promise<void>): Promise<TraceMessage> {
  const message = once(cloud.trace, "message");
  await publish();
  return (await message)[0] as TraceMessage;
}

const USER_GET = "/a1AliotDemo/demo_0001/user/get";

test("own topics are granted, others refused", async () => {
  const device = await logOn();
  const granted = [
    device.sys("thing/event/property/post_reply"),
    device.sys("thing/event/+/post_reply"),
    device.sys("thing/service/property/set"),
    device.sys("thing/service/+"),
    device.sys("rrpc/request/+"),
    device.sys("thing/ota/firmware/get_reply"),
    "/ota/device/upgrade/a1AliotDemo/demo_0001",
    USER_GET,
    "/broadcast/a1AliotDemo/+",
    "/ext/rrpc/+/a1AliotDemo/demo_0001/user/get",
    "/ext/rrpc/#",
    "/ext/ntp/a1AliotDemo/demo_0001/response",
    "/shadow/get/a1AliotDemo/demo_0001",
  ];
  assert.deepEqual(
    await device.subscribe(granted),
    granted.map(() => 1),
  );
  const refused = [
    "/sys/a1AliotDemo/demo_0002/thing/service/property/set",
    "/sys/+/+/thing/service/property/set",
    "/sys/#",
    "#",
    "$SYS/#",
    "/ota/device/upgrade/a1AliotDemo/demo_0002",
    "/a1AliotDemo/demo_0002/user/get",
    "/a1AliotDemo/demo_0001/user/update",
    "/a1AliotDemo/demo_0001/user/none",
    "/broadcast/a1Tracker01/+",
    "/x".repeat(8),
    device.sys("x".repeat(128)),
  ];
  assert.deepEqual(
    await device.subscribe(refused),
    refused.map(() => 128),
  );
});

test("QoS 0 and 1 are granted as asked for, QoS 2 is refused", async () => {
  const device = await logOn();
  assert.deepEqual(await device.subscribe([USER_GET], 0), [0]);
  assert.deepEqual(await device.subscribe([USER_GET], 1), [1]);
  assert.deepEqual(await device.subscribe([USER_GET], 2), [128]);
});

test("the hundred-and-first subscription is refused", async () => {
  const device = await logOn();
  const filters = Array.from({ length: 100 }, (_, index) => device.sys(`thing/service/s${index}`));
  const grants = await device.subscribe(filters);
  assert.ok(grants.every((qos) => qos === 1));
  assert.deepEqual(await device.subscribe([device.sys("thing/service/s100")]), [128]);
  assert.deepEqual(await device.subscribe(filters.slice(0, 1)), [1], "one it has already");
  await device.client.unsubscribeAsync(filters[0] as string);
  assert.deepEqual(await device.subscribe([device.sys("thing/service/s100")]), [1]);
});

test("a publish without permission is acknowledged, dropped and noted", async () => {
  const device = await logOn({ extension: "_ss=1" });
  const foreign = await logOn({ device: 1, extension: "_ss=1" });
  for (const topic of [
    "/sys/a1AliotDemo/demo_0002/thing/event/property/post",
    device.sys("thing/service/property/set"),
    device.sys("thing/service/query_phone_num"),
    device.sys("thing/event/property/post_reply"),
    device.sys("rrpc/request/1"),
    "/a1AliotDemo/demo_0001/user/get",
    "/a1AliotDemo/demo_0001/user/none",
    "/a1AliotDemo/demo_0002/user/update",
    "/broadcast/a1AliotDemo/x",
    "/ota/device/inform/a1AliotDemo/demo_0002",
    "/ota/device/upgrade/a1AliotDemo/demo_0001",
  ]) {
    const message = await noted(() => device.publish(topic, { id: "1", params: { energy: 1 } }));
    assert.equal(message.topic, topic);
    assert.match(message.note ?? "", /No authorization; dropped/);
  }
  assert.ok(device.client.connected);
  assert.deepEqual(await cloud.device("a1AliotDemo", "demo_0002").properties(), {});
  assert.equal(foreign.received.length, 0);
});

test("a publish without permission closes the connection where that is wanted", async () => {
  const strict = await startCloud({ closeOnForbiddenPublish: true });
  const device = await TestDevice.connect(strict);
  const offline = new Promise<string | undefined>((resolve) => {
    strict.trace.on("status", ({ online, reason }) => {
      if (!online) resolve(reason);
    });
  });
  await device.publish("/broadcast/a1AliotDemo/x", {}, 0);
  assert.equal(await offline, "No authorization");
  await device.end();
  await strict.close();
});

test("a payload above 256 KiB is dropped", async () => {
  const device = await logOn();
  const topic = "/a1AliotDemo/demo_0001/user/update";
  const fits = await noted(() => device.publish(topic, Buffer.alloc(256 * 1024)));
  assert.equal(fits.note, undefined);
  const tooLong = await noted(() => device.publish(topic, Buffer.alloc(256 * 1024 + 1)));
  assert.match(tooLong.note ?? "", /longer than 262144 bytes; dropped/);
});

test("publishing with QoS 2 ends the connection", async () => {
  const device = await TestDevice.connect(cloud);
  const status = once(cloud.trace, "status");
  device.client.publish("/a1AliotDemo/demo_0001/user/update", "x", { qos: 2 });
  const [{ online, reason }] = await status;
  assert.equal(online, false);
  assert.equal(reason, "QoS 2 is not supported");
  await device.client.endAsync(true);
});

test("the retain flag is ignored", async () => {
  const device = await logOn({ product: 1 });
  const topic = "/a1Tracker01/tracker_0001/user/track";
  const message = await noted(async () => {
    await device.client.publishAsync(topic, "x", { qos: 1, retain: true });
  });
  assert.match(message.note ?? "", /retain/);
  assert.deepEqual(await device.subscribe([topic]), [1]);
  // A retained message would come right after the SUBACK, before this one.
  await cloud.publish(device.id, topic, Buffer.from("live"));
  assert.equal((await device.next()).payload.toString(), "live");
});

test("messages come with the publisher's QoS, whatever the subscription's", async () => {
  const device = await logOn();
  for (const subscribed of [0, 1] as const) {
    await device.subscribe([USER_GET], subscribed);
    for (const qos of [0, 1] as const) {
      assert.equal(await cloud.publish(device.id, USER_GET, Buffer.from("x"), qos), "sent");
      assert.equal((await device.next()).qos, qos);
    }
  }
});

test("a message is delivered once however many filters match", async () => {
  const device = await logOn({ extension: "_ss=1" });
  const topic = device.sys("thing/service/property/set");
  await device.subscribe([topic, device.sys("thing/service/property/+"), device.sys("thing/#")]);
  await cloud.publish(device.id, topic, Buffer.from('"first"'));
  await cloud.publish(device.id, topic, Buffer.from('"second"'));
  assert.equal((await device.next()).payload.toString(), '"first"');
  assert.equal((await device.next()).payload.toString(), '"second"');
});

test("system topics need a SUBSCRIBE, unless _ss=1 says otherwise", async () => {
  const plain = await logOn();
  assert.equal(
    await cloud.publish(plain.id, plain.sys("rrpc/request/1"), Buffer.from("x")),
    "not subscribed",
  );
  const system = await logOn({ device: 1, extension: "_ss=1" });
  for (const topic of [
    system.sys("thing/service/property/set"),
    "/ota/device/upgrade/a1AliotDemo/demo_0002",
    "/ext/ntp/a1AliotDemo/demo_0002/response",
    "/shadow/get/a1AliotDemo/demo_0002",
  ]) {
    assert.equal(await cloud.publish(system.id, topic, Buffer.from("x")), "sent");
    assert.equal((await system.next()).topic, topic);
  }
  const custom = "/a1AliotDemo/demo_0002/user/get";
  assert.equal(await cloud.publish(system.id, custom, Buffer.from("x")), "not subscribed");
});

test("with clean session 0 missed QoS-1 messages come later, in order; with 1 they are lost", async () => {
  const first = await TestDevice.connect(cloud, { clean: false });
  await first.subscribe([USER_GET]);
  await first.cut(cloud);
  const payload = (text: string) => Buffer.from(text);
  assert.equal(await cloud.publish(first.id, USER_GET, payload("lost"), 0), "offline");
  for (const text of ["a", "b", "c"]) {
    assert.equal(await cloud.publish(first.id, USER_GET, payload(text), 1), "stored");
  }
  const second = await TestDevice.connect(cloud, { clean: false });
  const texts = [await second.next(), await second.next(), await second.next()].map((message) =>
    message.payload.toString(),
  );
  assert.deepEqual(texts, ["a", "b", "c"]);
  assert.equal(
    await cloud.publish(first.id, USER_GET, payload("d"), 1),
    "sent",
    "still subscribed",
  );
  assert.equal((await second.next()).payload.toString(), "d");
  await second.cut(cloud);

  const third = await TestDevice.connect(cloud, { clean: true });
  assert.equal(await cloud.publish(first.id, USER_GET, payload("e"), 1), "not subscribed");
  await third.subscribe([USER_GET]);
  await third.cut(cloud);
  assert.equal(await cloud.publish(first.id, USER_GET, payload("f"), 1), "offline");
  const fourth = await logOn({ clean: true });
  await fourth.subscribe([USER_GET]);
  await cloud.publish(first.id, USER_GET, payload("g"), 1);
  assert.equal((await fourth.next()).payload.toString(), "g");
});

test("cutting a device shows in status and trace", async () => {
  const device = await TestDevice.connect(cloud);
  const status = once(cloud.trace, "status");
  await cloud.disconnect(device.id);
  assert.equal((await status)[0].reason, "cut by the platform");
  assert.equal(await cloud.device(device.productKey, device.deviceName).status(), "OFFLINE");
  await device.end();
});
