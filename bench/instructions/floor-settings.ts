/**
 * What `device/floor.ts` gets in its global `settings`: packets, and where they are cut.
 * @module
 */

/** A request: what stands before its packet id, between that and the message's id, and behind. */
export interface Request {
  head: string;
  middle: string;
  tail: string;
  /** Where the packet id of the reply is. */
  replyAt: number;
}

/** The platform's request, and the answer to it. */
export interface Answer {
  /** Where the packet id of the request is; the payload follows. */
  requestAt: number;
  /** From the length of the topic on; behind it the packet id, `middle`, the message's id, `tail`. */
  topic: string;
  middle: string;
  tail: string;
  /** Remaining length without the message's id. */
  length: number;
}

/** An RRPC, at QoS 0. */
export interface Rrpc {
  /** Where the message's id is in the topic, and of how many digits; the payload follows. */
  requestAt: number;
  digits: number;
  /** The answer: before the message's id, and behind it. */
  head: string;
  payload: string;
}

export interface FloorSettings {
  platform: { host: string; port: number };
  /** Port of the orders; 0: report once, and end. */
  control: number;
  /** Whether the time of its listeners is noted. */
  timed: boolean;
  /** Packets. */
  connect: string;
  subscribe: string;
  report: Request;
  event: Request;
  service: Answer;
  set: Answer;
  rrpc: Rrpc;
}
