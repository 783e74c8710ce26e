/**
 * What is measured: operations that a session does so often, and the platform's part in each.
 * @module
 */
import assert from "node:assert/strict";
import { PUBACK_SECONDS, REPLY_SECONDS } from "../frame/timers.ts";
import { behindTopic, RRPC_REQUEST } from "./packets.ts";
import type { Series, Session } from "./program.ts";
import type { Rig } from "./rig.ts";

/** One operation: three series of `count`, two and three times as many, after some to warm up. */
export interface Measured {
  count: number;
  series: [Series, Series, Series];
}

/** What is done the first time, e.g. the check of a topic, is over then. */
const WARM_UP = 20;

/** What one operation takes, and by what share two counts of it differ. */
export function each({ count, series }: Measured): { cost: number; spread: number } {
  const [first, second, third] = series.map(({ cost }) => cost) as [number, number, number];
  // Begin and end of a series are the same in all of them.
  const cost = (third - first) / (2 * count);
  return { cost, spread: Math.abs(second - first - (third - second)) / count / cost };
}

/**
 * @param settle seconds in which the timers of what was done before run out: one that falls into a series
 *   is counted there
 */
async function measure(
  session: Session,
  name: string,
  count: number,
  settle: number,
  drive?: (count: number) => Promise<void>,
): Promise<Measured> {
  const run = (times: number) => session.run(name, times, drive && (() => drive(times)));
  await run(WARM_UP);
  if (settle) await session.run("rest", settle);
  // The first one sets the timers.
  await run(1);
  return { count, series: [await run(count), await run(2 * count), await run(3 * count)] };
}

/** Requests of the device: the platform has to have accepted as many. */
async function measureRequests(
  session: Session,
  { cloud, device }: Rig,
  name: string,
  path: string,
  count: number,
  settle: number,
): Promise<Measured> {
  const topic = `/sys/${device.productKey}/${device.deviceName}/thing/event/${path}/post`;
  let accepted = 0;
  const note = (message: { topic: string; direction: string; code?: number }) => {
    if (message.topic !== topic || message.direction !== "up") return;
    assert.equal(message.code, 200, `the platform refuses a ${name}`);
    accepted++;
  };
  cloud.trace.on("message", note);
  try {
    const measured = await measure(session, name, count, settle);
    assert.equal(
      accepted,
      WARM_UP + 1 + (1 + 2 + 3) * count,
      `the platform received so many of "${name}"`,
    );
    return measured;
  } finally {
    cloud.trace.off("message", note);
  }
}

/** Operations by name, each with what it is called in a row. */
export const OPERATIONS = {
  report: "report of two values until its reply",
  event: "event reported until its reply",
  service: "service call answered",
  set: "property set answered",
  rrpc: "RRPC answered",
} as const;

export type OperationName = keyof typeof OPERATIONS;

/** @param isCounted whether no timer may fall into a series */
export async function measureOperations(
  session: Session,
  rig: Rig,
  count: number,
  isCounted: boolean,
): Promise<Record<OperationName, Measured>> {
  const { cloud, device } = rig;
  const requests = (name: string, path: string) =>
    measureRequests(session, rig, name, path, count, isCounted ? REPLY_SECONDS : 0);
  const answers = (name: string, seconds: number, ask: () => Promise<void>) =>
    measure(session, name, count, isCounted ? seconds : 0, async (times) => {
      for (let i = 0; i < times; i++) await ask();
    });
  return {
    report: await requests("report", "property"),
    event: await requests("event", "low_power_alarm"),
    service: await answers("service", REPLY_SECONDS, async () => {
      const { code, data } = await cloud.invokeService(device, "query_phone_num");
      assert.deepEqual({ code, data }, { code: 200, data: { phone_num: "123456789" } });
    }),
    set: await answers("set", PUBACK_SECONDS, async () => {
      const { code } = await cloud.setProperty(device, { power_switch: 1 });
      assert.equal(code, 200);
    }),
    rrpc: await answers("rrpc", PUBACK_SECONDS, async () => {
      const payload = Buffer.from(RRPC_REQUEST);
      const answered = await cloud.rrpc(device, { payload, timeoutMs: 8000 });
      assert.equal(answered.payload.toString(), '{"answer":1}');
    }),
  };
}

/** As many bytes of JSON for the application, in texts and numbers: flat, or in many small objects. */
export function downlink(size: number, nested = false): string {
  const params: unknown[] = [];
  const write = (padding: string) =>
    JSON.stringify({
      method: "thing.service.property.set",
      id: "1",
      version: "1.0",
      params: nested ? params : Object.fromEntries(params.map((value, i) => [`value_${i}`, value])),
      padding,
    });
  while (write("").length < size - 60) {
    const number = params.length * 7;
    if (nested) params.push({ time: 1_700_000_000_000 + number, value: number });
    else params.push(params.length % 2 ? number : `text of value ${number}`);
  }
  return write("x".repeat(size - write("").length));
}

/** The message as often as `measure` does, of a size that the floor has to be told. */
export async function measureDownlink(
  session: Session,
  { cloud, device }: Rig,
  text: string,
  count: number,
  isFloor: boolean,
): Promise<Measured> {
  const topic = `/sys/${device.productKey}/${device.deviceName}/thing/service/property/set`;
  if (isFloor) {
    // At QoS 0 there is no packet id.
    const payloadAt = behindTopic(topic);
    await session.run("payload", payloadAt);
    await session.run("size", payloadAt + text.length);
  }
  return measure(session, "receive", count, 0, async (times) => {
    for (let i = 0; i < times; i++) {
      assert.equal(await cloud.publish(device, topic, Buffer.from(text), 0), "sent");
    }
  });
}
