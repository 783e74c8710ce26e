/**
 * The client on each engine against real brokers, also through a relay that cuts.
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import test, { before } from "node:test";
import mqtt, { type MqttClient } from "mqtt";
import { createRelay } from "../../host/faults/relay.ts";
import { brokers } from "./brokers.ts";
import { buildProgram, engines, interpreters, noInterpreter, Run } from "./interpreter.ts";

const NUMBERS = 5000;
const CUTS = 100;

let script = "";
before(async () => {
  script = await buildProgram(join(import.meta.dirname, "device/client.ts"));
});

/** Another client, of another make. */
async function observer(port: number, topic: string): Promise<MqttClient> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`);
  await client.subscribeAsync(topic, { qos: 1 });
  return client;
}

async function answer(client: MqttClient, topic: string, payload: string, qos: 0 | 1) {
  const message = new Promise<Buffer>((resolve) => {
    client.once("message", (_topic, bytes) => resolve(bytes));
  });
  await client.publishAsync(topic, payload, { qos });
  return JSON.parse((await message).toString("utf8"));
}

if (noInterpreter) test("the interpreter", { skip: noInterpreter }, () => {});

/** With two interpreters each takes one broker's long test. */
const [first, second] = interpreters().map((interpreter) => interpreter.name);
const spared = new Set(second ? [`${first} aedes`, `${second} mosquitto`] : []);

for (const broker of brokers) {
  for (const engine of engines()) {
    const options = { timeout: 60000, skip: broker.missing };

    test(`${engine.name} with ${broker.name}: text both ways at both QoS`, options, async (t) => {
      const { port, close } = await broker.start();
      t.after(close);
      const run = new Run(engine, script, { task: "talk", port, clientId: "talker" });
      t.after(() => run.end());
      const client = await observer(port, "up/#");
      t.after(() => client.endAsync(true));
      assert.equal(await run.line("online"), "false");
      assert.equal(await run.line("subscribed"), "1,1");
      const text = '温度 25.5 °C 😀 \\ "naïve" \u0001';
      const escaped = JSON.stringify({ text }).replace(
        /[\x7f-\uffff]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
      for (const qos of [0, 1] as const) {
        for (const document of [JSON.stringify({ text }), escaped]) {
          for (const topic of ["down/a", "下/b"]) {
            const echo = await answer(client, topic, document, qos);
            assert.deepEqual(echo, { echo: { text }, text: "温度", qos });
            const answered = Buffer.from(await run.line("answered"), "hex").toString("utf8");
            assert.equal(JSON.parse(answered), text);
          }
        }
      }
      const large = { text: "长".repeat(1200), list: Array.from({ length: 200 }, (_, i) => i) };
      const echo = await answer(client, "down/large", JSON.stringify(large), 1);
      assert.deepEqual(echo.echo, large);
      await client.publishAsync("down/stop", "{}", { qos: 1 });
      assert.match(await run.line("stopped"), /"outbox":0/);
    });

    if (spared.has(`${engine.name} ${broker.name}`)) continue;
    test(
      `${engine.name} with ${broker.name}: ${NUMBERS} numbers over ${CUTS} cuts and random stalls arrive in order, none lost`,
      options,
      async (t) => {
        const { port, close } = await broker.start();
        t.after(close);
        const relay = await createRelay({
          target: { host: "127.0.0.1", port },
          seed: 20,
          pieces: 200,
        });
        t.after(() => relay.close());
        relay.stallAtRandom({ chance: 0.01, most: 30 });
        relay.cutAtRandom({ after: { least: 150, most: 1500 }, times: CUTS });
        const client = await observer(port, "numbers");
        t.after(() => client.endAsync(true));
        const firsts: number[] = [];
        const seen = new Set<number>();
        let arrivals = 0;
        const complete = new Promise<void>((resolve) => {
          client.on("message", (_topic, payload) => {
            const number = Number(payload.toString());
            arrivals++;
            if (seen.has(number)) return;
            seen.add(number);
            firsts.push(number);
            if (seen.size === NUMBERS) resolve();
          });
        });
        const run = new Run(engine, script, {
          task: "numbers",
          count: NUMBERS,
          port: relay.port,
          clientId: "numbers",
          backoff: { first: 2, max: 10 },
        });
        t.after(() => run.end());
        const [settled, ms] = (await run.line("settled")).split(" ");
        assert.equal(settled, `${NUMBERS}`);
        await complete;
        const stats = JSON.parse(await run.line("stopped"));
        assert.deepEqual(
          firsts,
          Array.from({ length: NUMBERS }, (_, i) => i + 1),
        );
        assert.equal(relay.cuts, CUTS);
        assert.equal(stats.sent, NUMBERS);
        assert.equal(stats.acknowledged, NUMBERS);
        assert.equal(stats.outbox, 0);
        assert.ok(stats.resent >= arrivals - NUMBERS, "only a repetition makes a duplicate");
        t.diagnostic(`${ms} ms, ${stats.resent} sent again, ${arrivals - NUMBERS} arrived twice`);
      },
    );
  }
}
