/**
 * Nothing that a device was told to be kept is lost: answers and PUBACKs wait for the write.
 * @module
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { setImmediate as immediately } from "node:timers/promises";
import type { Broker } from "../../host/cloud/broker/broker.ts";
import type { Message } from "../../host/cloud/broker/message.ts";
import type { BrokerEvents } from "../../host/cloud/broker/options.ts";
import type { DeviceId } from "../../host/cloud/device-id.ts";
import { type Cloud, startCloud } from "../../host/cloud/index.ts";
import { Router } from "../../host/cloud/router.ts";
import { History } from "../../host/cloud/store/history.ts";
import { MemoryStore } from "../../host/cloud/store/memory-store.ts";
import { Posts } from "../../host/cloud/thing/posts.ts";
import { Recorder } from "../../host/cloud/thing/recorder.ts";
import { ThingModel } from "../../host/cloud/thing/tsl.ts";
import { Trace } from "../../host/cloud/trace.ts";
import { program } from "../compiled/program.ts";
import { TestDevice } from "./device.ts";
import { FREE_PORTS } from "./free-ports.ts";

/** Every write ends when it is let. */
class HeldStore extends MemoryStore {
  readonly #held: (() => void)[] = [];

  override async put(key: string, value: unknown): Promise<void> {
    const written = new Promise<void>((resolve) => this.#held.push(resolve));
    await super.put(key, value);
    await written;
  }

  /** Ends what is being written, and waits until nothing follows from it. */
  async write(): Promise<number> {
    const held = this.#held.splice(0);
    for (const end of held) end();
    await immediately();
    return held.length;
  }
}

const MODEL = new ThingModel(
  {
    profile: { productKey: "a1Kept" },
    properties: [
      { identifier: "n", name: "n", accessMode: "r", dataType: { type: "int", specs: {} } },
    ],
    events: [{ identifier: "e", name: "e", type: "info", outputData: [] }],
    services: [],
  },
  "product a1Kept",
);

/** What stands in for the MQTT side: what goes out to whom, in order. */
class Wire extends EventEmitter<BrokerEvents> {
  readonly out: string[] = [];

  async send({ deviceName }: DeviceId, { payload }: Message): Promise<"sent"> {
    const { id, code } = JSON.parse(payload.toString());
    this.out.push(`${deviceName}: reply ${id} ${code}`);
    return "sent";
  }

  post(deviceName: string, id: string, path: string, params: unknown): void {
    const topic = `/sys/a1Kept/${deviceName}/thing/event/${path}/post`;
    const payload = Buffer.from(JSON.stringify({ id, params }));
    const device = { productKey: "a1Kept", deviceName };
    this.emit("publish", device, { topic, payload, qos: 1 }, undefined, () => {
      this.out.push(`${deviceName}: PUBACK ${id}`);
    });
  }
}

test("neither PUBACK nor answer goes out before the write has ended; each device's stay in order", async () => {
  const store = new HeldStore();
  const wire = new Wire();
  const trace = new Trace();
  trace.on("message", ({ device, direction }) => {
    if (direction === "up") wire.out.push(`${device.deviceName}: trace`);
  });
  const router = new Router(wire as unknown as Broker, trace);
  const history = new History(store);
  history.on("append", (_kind, { deviceName }) => wire.out.push(`${deviceName}: entry`));
  new Posts(router, () => MODEL, new Recorder(history));

  wire.post("a", "1", "property", { n: 1 });
  wire.post("a", "2", "property/batch", { properties: { n: [2, 3] }, events: { e: [{}] } });
  wire.post("a", "3", "unknown", {});
  wire.post("b", "4", "property/history", [{ properties: [{ n: 4 }] }]);
  wire.post("b", "5", "e", {});
  await immediately();
  assert.deepEqual(wire.out, []);

  assert.equal(await store.write(), 3, "a value and two entries");
  const entry = (name: string) => `${name}: entry`;
  const answer = (name: string, id: number, code = 200) => [
    `${name}: trace`,
    `${name}: PUBACK ${id}`,
    `${name}: reply ${id} ${code}`,
  ];
  const of = (name: string) => wire.out.splice(0).filter((line) => line.startsWith(name));
  assert.deepEqual(of("a"), [entry("a"), ...answer("a", 1)]);
  assert.equal(await store.write(), 6, "two values, three entries, and the event of the other");
  assert.deepEqual(of("a"), [
    ...[entry("a"), entry("a"), entry("a"), ...answer("a", 2)],
    ...answer("a", 3, 6200),
  ]);
  assert.equal(await store.write(), 0);
  assert.deepEqual(wire.out, []);
});

/** An answer that has not come by then never will. */
const DEADLINE_MS = 15_000;

/** The platform's process, and how devices reach it. */
async function startProcess(data: string) {
  const script = join(import.meta.dirname, "../../host/cli/cloud.ts");
  const args = [...program(script), "--json", "--data", data, ...FREE_PORTS];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const [line] = (await once(createInterface(child.stdout), "line", { signal })) as [string];
  const { mqtt, products } = JSON.parse(line);
  const [host, port] = mqtt.split(":");
  const endpoints = { mqtt: { host, port: Number(port) } };
  return { child, cloud: { endpoints, products } as unknown as Cloud };
}

test("a report that was answered or acknowledged outlives the kill of the platform", async () => {
  const data = await mkdtemp(join(tmpdir(), "cloud-kept-"));
  const { child, cloud } = await startProcess(data);
  try {
    const device = await TestDevice.connect(cloud, { extension: "_ss=1" });
    const { productKey, deviceName } = device;
    const topic = device.sys("thing/event/property/post");
    const ended = once(child, "close", { signal: AbortSignal.timeout(DEADLINE_MS) });
    const told = new Set<number>();
    device.client.on("packetreceive", (packet) => {
      if (packet.cmd === "puback") told.add(sent.get(packet.messageId ?? 0) as number);
    });
    device.client.on("message", (_topic, payload) => {
      const { id, code } = JSON.parse(payload.toString());
      assert.equal(code, 200);
      told.add(Number(id));
      if (Number(id) === 10) child.kill("SIGKILL");
    });
    const sent = new Map<number, number>();
    device.client.on("packetsend", (packet) => {
      if (packet.cmd !== "publish") return;
      sent.set(packet.messageId ?? 0, Number(JSON.parse(packet.payload.toString()).id));
    });
    for (let value = 1; value <= 20; value++) {
      const payload = JSON.stringify({ id: String(value), params: { energy: value } });
      device.client.publish(topic, payload, { qos: 1 });
    }
    await ended;
    await device.client.endAsync(true);
    const again = await startCloud({ data });
    try {
      const history = await again.device(productKey, deviceName).propertyHistory("energy");
      const kept = new Set(history.map(({ value }) => value));
      assert.ok(told.has(10));
      assert.deepEqual(
        [...told].filter((value) => !kept.has(value)),
        [],
      );
    } finally {
      await again.close();
    }
  } finally {
    child.kill("SIGKILL");
    await rm(data, { recursive: true });
  }
});
