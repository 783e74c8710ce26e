/**
 * Properties and events that devices post: one by one, in batches and afterwards as history
 * (help.aliyun.com/document_detail/89307.html).
 * @module
 */
import { PROPERTIES_MAX } from "../defaults.ts";
import { type DeviceId, deviceKey } from "../device-id.ts";
import type { Outcome, Router, UpMessage } from "../router.ts";
import { type AlinkRequest, isObject, makeReply, parseRequest } from "./alink.ts";
import { Code } from "./codes.ts";
import { type Complaints, describe, type Recorder, type Report, remarks } from "./recorder.ts";
import type { ThingModel } from "./tsl.ts";
import { isComplaint, isTimedForm, readTimed } from "./values.ts";

/** Where the posts get the product's thing model from. */
export type ModelOf = (productKey: string) => ThingModel;

/** Whether a gateway may report for a device: one that is online through it. */
export type SpeaksFor = (gateway: DeviceId, device: DeviceId) => boolean;

/** One request being handled. */
interface Post extends Report {
  params: unknown;
  /** The event's identifier in the topic. */
  event: string;
}

/** Complaints that leave the reply at 200, or a code and text that make it fail. */
type Verdict = Complaints | { code: number; text: string };

export class Posts {
  readonly #modelOf: ModelOf;
  readonly #recorder: Recorder;
  readonly #speaksFor: SpeaksFor;

  constructor(
    router: Pick<Router, "route">,
    modelOf: ModelOf,
    recorder: Recorder,
    speaksFor: SpeaksFor = () => false,
  ) {
    this.#speaksFor = speaksFor;
    this.#modelOf = modelOf;
    this.#recorder = recorder;
    const event = "/sys/{own}/thing/event";
    const offer = (filter: string, handle: (post: Post) => Verdict) =>
      router.route(filter, (message) => this.#answer(message, handle));
    offer(`${event}/property/post`, (post) => this.#properties(post));
    offer(`${event}/property/batch/post`, (post) => this.#batch(post));
    offer(`${event}/property/history/post`, (post) => this.#history(post));
    offer(`${event}/+/post`, (post) => this.#event(post));
  }

  async #answer(message: UpMessage, handle: (post: Post) => Verdict): Promise<Outcome> {
    const { device, at } = message;
    const request = parseRequest(message.payload);
    if (!request) {
      const failure = { code: Code.notJson, text: "payload is not a JSON object" };
      return outcome(message, { id: "", method: undefined, ack: true }, failure);
    }
    const post = {
      device,
      model: this.#modelOf(device.productKey),
      now: at,
      writes: [],
      params: request.params,
      event: message.topic.split("/").at(-2) as string,
    };
    const verdict = handle(post);
    await Promise.all(post.writes);
    return outcome(message, request, verdict);
  }

  #properties(post: Post): Verdict {
    const { params } = post;
    if (!isObject(params)) return parameterError("params has to be an object");
    const entries = Object.entries(params);
    if (entries.length > PROPERTIES_MAX) return tooMany();
    const complaints: Complaints = new Map();
    for (const [name, posted] of entries) {
      const complaint = this.#recorder.property(post, name, posted);
      if (complaint) complaints.set(name, complaint);
    }
    return complaints;
  }

  #event(post: Post): Verdict {
    const { now, params, event } = post;
    if (!isObject(params)) return parameterError("params has to be an object");
    // Either {value: outputs, time} or, as the C SDKs send it, the outputs themselves.
    const timed = isTimedForm(params) && isObject(params.value);
    const read = timed ? readTimed(params, now) : { value: params, time: now };
    if (isComplaint(read)) return read;
    const outputs = read.value as Record<string, unknown>;
    const complaints = this.#recorder.event(post, event, outputs, read.time);
    return complaints.get(event)?.code === Code.eventNotFound
      ? { code: Code.eventNotFound, text: `event ${event} is not in the thing model` }
      : complaints;
  }

  #batch(post: Post): Verdict {
    const { params } = post;
    if (!isObject(params)) return parameterError("params has to be an object");
    const { properties = {}, events = {} } = params;
    if (!isObject(properties) || !isObject(events)) {
      return parameterError("properties and events have to be objects of lists");
    }
    const complaints: Complaints = new Map();
    const points = [...pointsOf(properties), ...pointsOf(events)];
    if (points.length > PROPERTIES_MAX) return tooMany();
    for (const [name, posted] of pointsOf(properties)) {
      const complaint = this.#recorder.property(post, name, posted);
      if (complaint) complaints.set(name, complaint);
    }
    for (const [name, posted] of pointsOf(events)) {
      this.#recordEvent(post, name, posted, complaints);
    }
    return complaints;
  }

  #history(post: Post): Verdict {
    const { device: poster, params } = post;
    if (!Array.isArray(params)) return parameterError("params has to be a list");
    const complaints: Complaints = new Map();
    const counts = params.map(
      (part) => [rowsOf(part?.properties), rowsOf(part?.events)].flat().length,
    );
    if (counts.reduce((sum, count) => sum + count, 0) > PROPERTIES_MAX) return tooMany();
    for (const part of params) {
      if (!isObject(part)) return parameterError("params has to be a list of objects");
      const device = identityOf(part.identity, poster);
      if (device !== poster && !this.#speaksFor(poster, device)) {
        return parameterError("identity names a device that is not logged on here");
      }
      const report = { ...post, device, model: this.#modelOf(device.productKey) };
      for (const [name, posted] of rowsOf(part.properties)) {
        const complaint = this.#recorder.property(report, name, posted, false);
        if (complaint) complaints.set(name, complaint);
      }
      for (const [name, posted] of rowsOf(part.events)) {
        this.#recordEvent(report, name, posted, complaints);
      }
    }
    return complaints;
  }

  #recordEvent(report: Report, name: string, posted: unknown, complaints: Complaints): void {
    const read = readTimed(posted, report.now);
    if (isComplaint(read)) {
      complaints.set(name, read);
      return;
    }
    const outputs = isObject(read.value) ? read.value : {};
    const found = this.#recorder.event(report, name, outputs, read.time);
    for (const [output, complaint] of found) complaints.set(output, complaint);
  }
}

/** `{energy: [{value, time}, …]}` as pairs. */
function pointsOf(lists: Record<string, unknown>): [name: string, posted: unknown][] {
  return Object.entries(lists).flatMap(([name, list]) =>
    (Array.isArray(list) ? list : [list]).map((posted): [string, unknown] => [name, posted]),
  );
}

/** `[{energy: {value, time}}, …]` as pairs. */
function rowsOf(rows: unknown): [name: string, posted: unknown][] {
  return Array.isArray(rows)
    ? rows.flatMap((row) => (isObject(row) ? Object.entries(row) : []))
    : [];
}

/** The device that a part is of; absent or empty fields stand for the one that posts. */
function identityOf(identity: unknown, poster: DeviceId): DeviceId {
  if (!isObject(identity)) return poster;
  const { productKey = "", deviceName = "" } = identity;
  const named = {
    productKey: String(productKey) || poster.productKey,
    deviceName: String(deviceName) || poster.deviceName,
  };
  return deviceKey(named) === deviceKey(poster) ? poster : named;
}

function parameterError(text: string): Verdict {
  return { code: Code.parameter, text };
}

function tooMany(): Verdict {
  return { code: Code.tooManyProperties, text: `map size must less than ${PROPERTIES_MAX}` };
}

function outcome(
  message: UpMessage,
  request: Pick<AlinkRequest, "id" | "method" | "ack">,
  verdict: Verdict,
): Outcome {
  const accepted = verdict instanceof Map;
  const code = accepted ? Code.success : verdict.code;
  const payload = accepted
    ? makeReply(request, code, remarks(verdict))
    : makeReply(request, code, {}, verdict.text);
  const note = accepted ? describe(verdict) : verdict.text;
  const made: Outcome = { code };
  if (note !== "") made.note = note;
  if (request.ack) made.reply = { topic: `${message.topic}_reply`, payload };
  return made;
}
