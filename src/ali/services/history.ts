/**
 * Several values of one property at once, each with its time: as a batch, whose last values become the
 * current ones, or as history, which leaves those alone (`thing/event/property/batch/post` and
 * `…/history/post`).
 * @module
 */
import type { AliIot } from "../aliiot.ts";
import type { Port } from "../port.ts";
import type { Service } from "../service.ts";
import type { AnyModel, ThingModel, Timed } from "../thing-model.ts";

const PATH = "thing/event/property/";
/** Points in one message at most (code 6106). */
const MOST = 200;
/** What a message may take of the outbox, in bytes of JSON; a single point may take more. */
const BYTES = 3000;

/** Values and events by name, those of custom modules as `module:identifier`; times in ms since 1970. */
export interface Points<Model extends ThingModel = AnyModel> {
  properties?: { [Name in keyof Model["properties"]]?: Timed<Model["properties"][Name]>[] };
  events?: { [Name in keyof Model["events"]]?: Timed<Model["events"][Name]>[] };
}

/** One value or event on its way. */
interface Point {
  isEvent: boolean;
  name: string;
  point: any;
}

/**
 * Posts of several points.
 * @public
 */
export class History<Model extends ThingModel = AnyModel> implements Service {
  private readonly port: Port;

  constructor(server: AliIot<Model>) {
    this.port = server.port;
    this.port.attach(this);
    this.port.subscribe(this.port.topics.sys + PATH + "batch/post_reply");
    this.port.subscribe(this.port.topics.sys + PATH + "history/post_reply");
  }

  /**
   * Posts points in their order; the last of each property becomes the current value. Goes out in
   * messages of up to 200 points, one after the other: true on code 200 for all, false at the first
   * other; `lastReply` says why.
   */
  batchPost(points: Points<Model>): Promise<boolean> {
    return this.start(points, false);
  }

  /** As `batchPost`, as history: the current values stay. */
  historyPost(points: Points<Model>): Promise<boolean> {
    return this.start(points, true);
  }

  accept(): boolean {
    return false;
  }

  private start(points: Points<Model>, isHistory: boolean): Promise<boolean> {
    const list: Point[] = [];
    collect(list, false, points.properties);
    collect(list, true, points.events);
    return new Promise((resolve) => this.post(list, 0, isHistory, resolve));
  }

  private post(
    list: Point[],
    from: number,
    isHistory: boolean,
    done: (all: boolean) => void,
  ): void {
    if (from >= list.length) {
      done(true);
      return;
    }
    let bytes = 0;
    let end = from;
    while (end < list.length && end - from < MOST) {
      bytes += JSON.stringify(list[end].point).length + list[end].name.length + 6;
      if (bytes > BYTES && end > from) break;
      end++;
    }
    const chunk = list.slice(from, end);
    const call = isHistory
      ? this.port.call(PATH + "history/post", [historyOf(chunk)])
      : this.port.call(PATH + "batch/post", batchOf(chunk));
    call.then((reply) => {
      if (reply.code === 200) this.post(list, end, isHistory, done);
      else done(false);
    });
  }
}

function collect(list: Point[], isEvent: boolean, series: any): void {
  for (const name in series) {
    for (const point of series[name]) list.push({ isEvent: isEvent, name: name, point: point });
  }
}

/** `{"properties":{"energy":[…]},"events":{…}}` */
function batchOf(points: Point[]): any {
  const params: any = { properties: {}, events: {} };
  for (const one of points) {
    const series = one.isEvent ? params.events : params.properties;
    if (!series[one.name]) series[one.name] = [];
    series[one.name].push(one.point);
  }
  return params;
}

/** `{"identity":…,"properties":[{"energy":…},…],"events":[…]}`; without names, the device itself. */
function historyOf(points: Point[]): any {
  const part: any = { identity: { productKey: "", deviceName: "" }, properties: [], events: [] };
  for (const one of points) {
    const row: any = {};
    row[one.name] = one.point;
    (one.isEvent ? part.events : part.properties).push(row);
  }
  return part;
}
