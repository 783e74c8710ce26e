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

export class Replies {
  /** Replies that came too late, twice, or to nobody. */
  dropped = 0;
  timeouts = 0;
  /** The last reply or failure. */
  last: Reply | undefined;
  // All wait equally long, so the first to be sent is the first to expire.
  waiting: Request[] = [];

  /** When the next request expires, in s; -1 when none waits. */
  get nextDeadline(): number {
    return this.waiting.length > 0 ? this.waiting[0].deadline : -1;
  }

  /** Settles the request that `reply` belongs to; a stranger's is counted and dropped. */
  settle(reply: Reply): void {
    const waiting = this.waiting;
    let index = 0;
    while (index < waiting.length && waiting[index].id !== reply.id) index++;
    const request = index ? waiting.splice(index, 1)[0] : waiting.shift();
    if (request) this.end(request, reply);
    else this.dropped++;
  }

  private end(request: Request, reply: Reply): void {
    this.last = reply;
    const done = request.done;
    done(request.whole ? reply : reply.code === 200);
  }

  /** Fails a request that never left, whose delivery failed, or that has waited too long. */
  fail(request: Request, code: number, message: string): void {
    const index = this.waiting.indexOf(request);
    if (index < 0) return;
    this.waiting.splice(index, 1);
    this.end(request, { id: request.id, code: code, message: message, data: undefined });
  }

  /** Fails what has waited until `now`. */
  expire(now: number): void {
    while (this.waiting.length > 0 && this.waiting[0].deadline <= now) {
      this.timeouts++;
      this.fail(this.waiting[0], REPLY_TIMEOUT, "no reply from the platform");
    }
  }
}
