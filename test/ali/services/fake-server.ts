/**
 * A device for services in Node: what they send is kept, what they get is up to the test.
 * @module
 */
import "../../device-globals.ts";
import type { AliIot } from "../../../src/ali/aliiot.ts";
import { topicsOf } from "../../../src/ali/topics.ts";

export interface Sent {
  topic: string;
  // biome-ignore lint/suspicious/noExplicitAny: messages of all kinds
  message: any;
}

const config = { productKey: "a1B2c3D4e5F", deviceName: "tracker_0001" };
export const SECRET = "0123456789abcdef0123456789abcdef";

export class FakeServer {
  readonly filters: string[] = [];
  /** Requests by `Port.call`, with their path as topic and their params as message. */
  readonly calls: Sent[] = [];
  readonly published: Sent[] = [];
  readonly answers: { topic: string; id: unknown; code: number }[] = [];
  /** What `Port.call` resolves to. */
  reply: object = { id: "1", code: 200, message: "success", data: {} };
  /** Called within `Port.call` and `Exchange.publish`. */
  whileSending: () => void = () => {};

  /** As services take it. */
  get aliIot(): AliIot {
    const port = {
      topics: topicsOf(config as never),
      attach: () => {},
      subscribe: (filter: string) => this.filters.push(filter),
      call: (topic: string, message: unknown) => {
        this.calls.push({ topic, message });
        this.whileSending();
        return Promise.resolve(this.reply);
      },
      exchange: {
        publish: (topic: string, payload: string) => {
          this.published.push({ topic, message: JSON.parse(payload) });
          this.whileSending();
          return Promise.resolve(true);
        },
        answer: (topic: string, id: unknown, code: number) => {
          this.answers.push({ topic, id, code });
          return Promise.resolve(true);
        },
      },
    };
    return { port, authInfo: { deviceSecret: SECRET } } as unknown as AliIot;
  }
}

/** Lets promises settle. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
}
