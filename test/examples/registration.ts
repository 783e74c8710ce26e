/**
 * A device that registers: in all three forms, once only, and anew when the platform has reset it.
 * @module
 */
import assert from "node:assert/strict";
import * as iot from "@alicloud/iot20180120";
import type { Cloud, TraceRegistration } from "../../host/cloud/index.ts";
import type { Stage } from "../../host/demo/stage.ts";
import { officialClient } from "../cloud/api-clients.ts";
import { said, testExample } from "./run.ts";

const products = `${import.meta.dirname}/products/registering.json`;
const platform = { limits: { plainRegistration: true } };

/** Settings without a secret, and all registrations that the platform sees. */
const asked = new WeakMap<Cloud, TraceRegistration[]>();
function unregistered(more: (cloud: Cloud) => Record<string, unknown> = () => ({})) {
  return async (cloud: Cloud) => {
    const seen: TraceRegistration[] = [];
    asked.set(cloud, seen);
    cloud.trace.on("registration", (registration) => seen.push(registration));
    return { deviceSecret: "", tls: false, ...more(cloud) };
  };
}

/** What the platform registered: form, kind and code of each. */
function registrations({ cloud }: Stage): string[] {
  return (asked.get(cloud) ?? []).map(({ form, kind, code }) => `${form} ${kind} ${code}`);
}

const posted = ({ watch }: Stage, from = 0) =>
  watch.message("down", "/thing/event/property/post_reply", from);

async function restart({ board }: Stage): Promise<void> {
  await board.powerOff();
  await board.powerOn();
}

testExample(
  "registration",
  async (stage, printed) => {
    const { watch, cloud, device, board } = stage;
    await posted(stage);
    const first = (await cloud.device(device.productKey, device.deviceName).record()).deviceSecret;
    assert.deepEqual(registrations(stage), ["mqtt register 200"]);
    assert.match(printed(), /without TLS/);

    // Kept over a restart, and never asked for twice.
    let from = watch.now;
    await restart(stage);
    await posted(stage, from);
    assert.equal(registrations(stage).length, 1);

    // Reset on the platform and given another secret there: the board says what to do.
    const client = officialClient(cloud);
    await client.resetThing(new iot.ResetThingRequest(device));
    await cloud.registry.devices.update(device, { deviceSecret: "0".repeat(32) });
    from = watch.now;
    await restart(stage);
    await said(board, printed, /kept secret is refused.*ali\.forget\(\)/);
    assert.match(await board.evaluate("Object.keys(ali).join()"), /forget/);
    assert.match(await board.evaluate("ali.forget()"), /forgotten/);
    from = watch.now;
    await restart(stage);
    await posted(stage, from);
    assert.deepEqual(registrations(stage), ["mqtt register 200", "mqtt register 200"]);
    const record = await cloud.device(device.productKey, device.deviceName).record();
    assert.notEqual(record.deviceSecret, first);
    assert.ok(!printed().includes(record.deviceSecret), "no secret on the console");
  },
  { products, platform, settings: unregistered(), title: "over MQTT" },
);

testExample(
  "registration",
  async (stage) => {
    await posted(stage);
    assert.deepEqual(registrations(stage), ["mqtt regnwl 200"]);
    const from = stage.watch.now;
    await restart(stage);
    await posted(stage, from);
    assert.equal(registrations(stage).length, 1);
  },
  {
    products,
    platform,
    tls: true,
    settings: unregistered(() => ({
      tls: true,
      deviceName: "fresh_0001",
      registration: "regnwl",
    })),
    title: "not pre-registered, over TLS",
  },
);

testExample(
  "registration",
  async (stage, printed) => {
    const { cloud, watch, board } = stage;
    await said(board, printed, /not online yet: 6289/);
    assert.match(printed(), /6289 .*: reset the device there/);
    assert.deepEqual(registrations(stage), ["https register 6289"]);
    // What it is refused for is put right: it registers when it starts anew, and not before long.
    await officialClient(cloud).resetThing(new iot.ResetThingRequest(stage.device));
    const from = watch.now;
    await restart(stage);
    await posted(stage, from);
    assert.deepEqual(registrations(stage), ["https register 6289", "https register 200"]);
  },
  {
    products,
    platform,
    settings: async (cloud) => {
      const settings = await unregistered(({ endpoints }) => ({
        registration: "https",
        authServer: endpoints.authTls,
      }))(cloud);
      const device = { productKey: "a1Registers", deviceName: "reg_0001" };
      await cloud.registry.devices.update(device, { activeAt: Date.now() });
      return settings;
    },
    title: "over HTTPS, activated already",
  },
);
