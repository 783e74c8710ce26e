/**
 * What the platform would say to a message: handled by the local platform's own code, without a
 * device or a connection.
 * @module
 */
import { matches } from "../cloud/broker/topic.ts";
import { CloudError } from "../cloud/errors.ts";
import type { Handler } from "../cloud/router.ts";
import { History } from "../cloud/store/history.ts";
import { MemoryStore } from "../cloud/store/memory-store.ts";
import { isObject, parseObject, parseReply } from "../cloud/thing/alink.ts";
import {
  checkPropertySet,
  checkServiceInput,
  remarkOnReply,
  serviceOf,
} from "../cloud/thing/command-check.ts";
import { Posts } from "../cloud/thing/posts.ts";
import { Recorder } from "../cloud/thing/recorder.ts";
import { ThingModel } from "../cloud/thing/tsl.ts";
import { productKeyOf } from "./read.ts";

/** What became of a sample. */
export interface Verdict {
  /** The Alink method that it was taken for. */
  method: string;
  /** Whether the platform takes all of it. */
  accepted: boolean;
  /** Where the device would publish it, or the platform. */
  topic: string;
  /** The platform's answer; none where it gives none (a service's answer). */
  reply?: { topic: string; payload: unknown };
  /** What the platform remarks, e.g. `energy: 6306 value is above 100`; empty: nothing. */
  note: string;
}

const DEVICE_NAME = "device";
const PROPERTY_POST = "thing.event.property.post";
const PROPERTY_SET = "thing.service.property.set";
const EVENT = /^thing\.event\.((?:[\w:]|\.)+)\.post$/;
const SERVICE = /^thing\.service\.([\w:]+)$/;

/**
 * Checks a message against a thing model.
 * @param sample an Alink message (`{id, params, method}`), a device's answer to a service
 *   (`{id, code, data}`), or properties alone
 * @param method what the sample is, where it has no `method`; else `thing.event.property.post`
 * @throws Error when the method is none of properties, events and services
 */
export async function checkSample(
  json: Record<string, unknown>,
  sample: Buffer,
  method?: string,
): Promise<Verdict> {
  const productKey = productKeyOf(json) ?? "product";
  const model = new ThingModel(json, productKey);
  const device = { productKey, deviceName: DEVICE_NAME };
  const sys = `/sys/${productKey}/${DEVICE_NAME}/`;
  const given = parseObject(sample);
  const asked = method ?? (typeof given?.method === "string" ? given.method : PROPERTY_POST);
  const event = EVENT.exec(asked)?.[1];
  if (event !== undefined) {
    const topic = `${sys}thing/event/${event.replaceAll(".", "/")}/post`;
    const payload = given && isBare(given) ? wrap(given, asked) : sample;
    return { method: asked, ...(await post(model, device, topic, payload)) };
  }
  const service = SERVICE.exec(asked)?.[1];
  if (asked !== PROPERTY_SET && service === undefined) {
    throw new Error(
      `method "${asked}": expected thing.event.NAME.post, ${PROPERTY_SET} or thing.service.NAME`,
    );
  }
  const isReply = given !== undefined && given.code !== undefined;
  const path = `${sys}${asked.replaceAll(".", "/")}${isReply ? "_reply" : ""}`;
  const params = isObject(given?.params) ? given.params : given;
  const note = refusal(() => {
    if (isReply) return answerRemark(model, service, sample);
    if (!isObject(params)) return "payload is not a JSON object";
    if (service === undefined) checkPropertySet(model, params);
    else checkServiceInput(serviceOf(model, service), params);
    return undefined;
  });
  return { method: asked, accepted: note === "", topic: path, note };
}

/** Whether an object is what `params` holds, and not a message. */
function isBare(given: Record<string, unknown>): boolean {
  return ["params", "method", "id", "version"].every((key) => !(key in given));
}

function wrap(params: Record<string, unknown>, method: string): Buffer {
  return Buffer.from(JSON.stringify({ id: "1", version: "1.0", params, method }));
}

/** What the platform answers to a post. */
async function post(
  model: ThingModel,
  device: { productKey: string; deviceName: string },
  topic: string,
  payload: Buffer,
): Promise<Omit<Verdict, "method">> {
  const routes: { filter: string; handle: Handler }[] = [];
  const route = (filter: string, handle: Handler) => routes.push({ filter, handle });
  new Posts({ route }, () => model, new Recorder(new History(new MemoryStore())));
  const own = `${device.productKey}/${device.deviceName}`;
  const found = routes.find(({ filter }) => matches(filter.replace("{own}", own), topic));
  if (!found) return { accepted: false, topic, note: "the platform takes nothing on this topic" };
  const outcome = await found.handle({ device, topic, payload, qos: 1, at: Date.now() });
  const { code, note = "", reply } = outcome;
  return {
    accepted: code === 200 && note === "",
    topic,
    note: code === 200 || note === "" ? note : `${code} ${note}`,
    ...(reply
      ? { reply: { topic: reply.topic, payload: JSON.parse(reply.payload.toString("utf8")) } }
      : {}),
  };
}

/** What is wrong with a device's answer to a property set or a service. */
function answerRemark(
  model: ThingModel,
  service: string | undefined,
  sample: Buffer,
): string | undefined {
  const reply = parseReply(sample);
  if (!reply || Number.isNaN(reply.code)) return "code has to be a number";
  return service === undefined ? undefined : remarkOnReply(serviceOf(model, service), reply);
}

/** The reason for which the platform does not send a command; empty: it does. */
function refusal(check: () => string | undefined): string {
  try {
    return check() ?? "";
  } catch (error) {
    if (error instanceof CloudError) return `${error.code} ${error.message}`;
    throw error;
  }
}
