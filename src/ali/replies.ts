/**
 * Requests that wait for the platform's reply. No clock of its own: `now` is in s.
 * @module
 */

import { REPLY_TIMEOUT } from "./codes.ts";

/** The platform's answer to a request, or why there is none (`code` below 100). */
export interface Reply {
  /** Id of the request. */
  id: string;
  /** Ali's code: 200 is success; below 100 those of `ali/codes` and `mqtt/error`. */
  code: number;
  message: string;
  /** Remarks per identifier, as the platform's thing model checks give them. */
  data: any;
}

export interface Request {
  id: string;
  /** Packet id of its message; 0: of QoS 0, below: refused. */
  packet: number;
  /** When it is too late for a reply, s. */
  deadline: number;
  /** Wants the whole reply, else whether it is a success. */
  whole: boolean | undefined;
  done: (result: any) => void;
}

/** Bytes of a reply that others are compared with. */
const LONGEST = 400;

/** No reply begins so. */
const NONE = "\0";

export class Replies {
  /** Replies that came too late, twice, or to nobody. */
  dropped = 0;
  timeouts = 0;
  /** Where the reply to the last request comes; one to an offer of a package goes elsewhere, too. */
  topic = "";
  private last: Reply | undefined;
  /** Id of the last reply, where it was else as the one before. */
  private lastId = "";
  /** The last success as a text, without its id. */
  private head = NONE;
  private tail = "";
  // All wait equally long, so the first to be sent is the first to expire.
  unanswered: Request[] = [];

  /** When the next request expires, in s; -1 when none waits. */
  get nextDeadline(): number {
    return this.unanswered.length > 0 ? this.unanswered[0].deadline : -1;
  }

  /** The last reply or failure. */
  current(): Reply | undefined {
    if (this.lastId) this.last = Object.assign({}, this.last, { id: this.lastId });
    return this.last;
  }

  /**
   * Most replies are successes that differ from the one before in their ids only. Settles the oldest
   * request if a text is such a reply to it, without reading it; else false.
   */
  repeats(text: string): boolean {
    const request = this.unanswered[0];
    if (!request || text !== this.head + request.id + this.tail) return false;
    if (request.whole) return false;
    this.lastId = request.id;
    const done = request.done;
    this.unanswered.shift();
    done(true);
    return true;
  }

  /** From now on, replies may repeat this text, if it is the last success. @rare */
  learn(text: string): void {
    const last = this.last;
    this.head = NONE;
    if (!last || last.code !== 200 || text.length > LONGEST) return;
    const parts = text.split('"id":"' + last.id + '"');
    if (parts.length !== 2) return;
    this.head = parts[0] + '"id":"';
    this.tail = '"' + parts[1];
  }

  /** Settles the request that `reply` belongs to; a stranger's is counted and dropped. */
  settle(reply: Reply): void {
    const waiting = this.unanswered;
    let index = 0;
    while (index < waiting.length && waiting[index].id !== reply.id) index++;
    const request = index ? waiting.splice(index, 1)[0] : waiting.shift();
    if (request) this.end(request, reply);
    else this.dropped++;
  }

  private end(request: Request, reply: Reply): void {
    this.last = reply;
    this.lastId = "";
    const done = request.done;
    done(request.whole ? reply : reply.code === 200);
  }

  /** Fails a request that never left, whose delivery failed, or that has waited too long. */
  fail(request: Request, code: number, message: string): void {
    const index = this.unanswered.indexOf(request);
    if (index < 0) return;
    this.unanswered.splice(index, 1);
    this.end(request, { id: request.id, code: code, message: message, data: undefined });
  }

  /** Fails what has waited until `now`. */
  expire(now: number): void {
    while (this.unanswered.length > 0 && this.unanswered[0].deadline <= now) {
      this.timeouts++;
      this.fail(this.unanswered[0], REPLY_TIMEOUT, "no reply from the platform");
    }
  }
}
