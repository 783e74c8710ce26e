/**
 * Properties and events of a gateway and its sub-devices in one message; all of it is taken or
 * nothing (help.aliyun.com/document_detail/89307.html).
 * @module
 */
import type { Broker } from "../broker/broker.ts";
import { PACK_EVENTS_MAX, PACK_SUB_DEVICES_MAX, PROPERTIES_MAX } from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";
import type { Router, UpMessage } from "../router.ts";
import type { History } from "../store/history.ts";
import { isObject } from "../thing/alink.ts";
import { Code, type Complaint } from "../thing/codes.ts";
import type { ModelOf } from "../thing/posts.ts";
import { type Complaints, Recorder, type Report, remarks } from "../thing/recorder.ts";
import { type Answer, offerRequest, parameterError } from "../thing/request.ts";
import { isComplaint, readTimed } from "../thing/values.ts";
import { type Entry, readEntry } from "./entries.ts";
import { answering, Refused } from "./refused.ts";
import { isThrough } from "./sessions.ts";

/** What a pack holds of one device. */
interface Part {
  device: DeviceId;
  properties: [name: string, posted: unknown][];
  events: [name: string, posted: unknown][];
}

export interface PackParts {
  router: Router;
  broker: Broker;
  modelOf: ModelOf;
  history: History;
}

export class PackPosts {
  readonly #broker: Broker;
  readonly #modelOf: ModelOf;
  readonly #recorder: Recorder;
  /** Checks alone. */
  readonly #trial = new Recorder({ setValue: async () => {}, append: async () => {} });

  constructor({ router, broker, modelOf, history }: PackParts) {
    this.#broker = broker;
    this.#modelOf = modelOf;
    this.#recorder = new Recorder(history);
    offerRequest(router, "/sys/{own}/thing/event/property/pack/post", (params, message) =>
      answering(() => this.#post(params, message)),
    );
  }

  async #post(params: unknown, { device, at }: UpMessage): Promise<Answer> {
    if (!isObject(params)) return parameterError("params has to be an object");
    const { subDevices = [] } = params;
    if (!Array.isArray(subDevices)) return parameterError("subDevices has to be a list");
    if (subDevices.length > PACK_SUB_DEVICES_MAX) throw new Refused(6357);
    const parts = [readPart(device, params)];
    for (const sub of subDevices) {
      const entry = readEntry(isObject(sub) ? sub.identity : undefined);
      if (!isThrough(this.#broker, entry, device)) throw new Refused(520, entry.deviceName);
      parts.push(readPart(entry, sub as Entry["fields"]));
    }
    const count = (of: "properties" | "events") =>
      parts.reduce((sum, part) => sum + part[of].length, 0);
    if (count("properties") > PROPERTIES_MAX) {
      const text = `map size must less than ${PROPERTIES_MAX}`;
      return { code: Code.tooManyProperties, text };
    }
    if (count("events") > PACK_EVENTS_MAX) throw new Refused(6356);

    const complaints: Complaints = new Map();
    for (const part of parts) this.#record(this.#trial, part, at, complaints);
    const worst = [...complaints].find(([, { code }]) => !isUnknown(code));
    if (worst) {
      const [name, { code, text }] = worst;
      return { code, text: `${name}: ${text}`, data: remarks(complaints) };
    }
    const kept = parts.map((part) => this.#record(this.#recorder, part, at, new Map()));
    await Promise.all(kept);
    return { code: Code.success, data: remarks(complaints) };
  }

  /** Resolves when all is kept; complaints are there at once. */
  #record(recorder: Recorder, part: Part, now: number, complaints: Complaints): Promise<unknown> {
    const { device, properties, events } = part;
    const report: Report = { device, model: this.#modelOf(device.productKey), now, writes: [] };
    const note = (name: string, complaint: Complaint | undefined) => {
      if (complaint) complaints.set(`${device.deviceName}.${name}`, complaint);
    };
    for (const [name, posted] of properties) {
      note(name, recorder.property(report, name, posted));
    }
    for (const [name, posted] of events) {
      const read = readTimed(posted, now);
      if (isComplaint(read)) {
        note(name, read);
        continue;
      }
      const outputs = isObject(read.value) ? read.value : {};
      const found = recorder.event(report, name, outputs, read.time);
      for (const [output, complaint] of found) note(output, complaint);
    }
    return Promise.all(report.writes);
  }
}

/** Identifiers that the thing model does not have are left out, as in posts of one device. */
function isUnknown(code: number): boolean {
  return code === Code.propertyNotFound || code === Code.notFound;
}

function readPart(device: DeviceId, { properties = {}, events = {} }: Entry["fields"]): Part {
  if (!isObject(properties) || !isObject(events)) {
    throw new Refused(460, "properties and events have to be objects");
  }
  return { device, properties: Object.entries(properties), events: Object.entries(events) };
}
