/**
 * Requests that wait for the platform's reply. No clock of its own: `now` is in ms.
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

interface Request {
  id: string;
  deadline: number;
  /** Wants the whole reply, else whether it is a success. */
  whole: boolean;
  done: (result: any) => void;
}

export class Replies {
  /** Replies that came too late, twice, or to nobody. */
  dropped = 0;
  timeouts = 0;
  /** The last reply or failure. */
  last: Reply | undefined;
  // All wait equally long, so the first to be sent is the first to expire.
  private waiting: Request[] = [];

  get count(): number {
    return this.waiting.length;
  }

  /** When the next request expires, in ms; -1 when none waits. */
  get deadline(): number {
    return this.waiting.length > 0 ? this.waiting[0].deadline : -1;
  }

  /** `done` gets the `Reply` with `whole`, else true on code 200. */
  add(id: string, deadline: number, whole: boolean, done: (result: any) => void): void {
    this.waiting.push({ id: id, deadline: deadline, whole: whole, done: done });
  }

  /** Settles the request that `reply` belongs to; a stranger's is counted and dropped. */
  settle(reply: Reply): void {
    for (let i = 0; i < this.waiting.length; i++) {
      if (this.waiting[i].id === reply.id) {
        const request = this.waiting.splice(i, 1)[0];
        this.last = reply;
        request.done(request.whole ? reply : reply.code === 200);
        return;
      }
    }
    this.dropped++;
  }

  /** Fails a request that never left, or whose delivery failed. */
  fail(id: string, code: number, message: string): void {
    for (let i = 0; i < this.waiting.length; i++) {
      if (this.waiting[i].id === id) {
        this.settle({ id: id, code: code, message: message, data: undefined });
        return;
      }
    }
  }

  /** Fails what has waited until `now`. */
  expire(now: number): void {
    while (this.waiting.length > 0 && this.waiting[0].deadline <= now) {
      this.timeouts++;
      this.fail(this.waiting[0].id, REPLY_TIMEOUT, "no reply from the platform");
    }
  }
}
