/**
 * Tags of the device, by which applications find and group devices ("Device tags",
 * `thing/deviceinfo/…`).
 * @module
 */
import type { AliIot } from "../aliiot.ts";
import type { Port } from "../port.ts";
import type { Reply } from "../replies.ts";

const PATH = "thing/deviceinfo/";

/**
 * Reads and writes the device's tags, of which the platform keeps 100. Each member resolves to the
 * platform's reply: code 200 on success, 460 for a tag that it does not take or one too many, 6100
 * when the platform does not know the device, below 100 why there was no reply (`ali/codes`,
 * `mqtt/error`).
 * @public
 */
export class Tags {
  private readonly port: Port;

  constructor(server: AliIot<any>) {
    this.port = server.port;
    for (const word of ["update", "delete", "get"]) {
      this.port.subscribe(this.port.topics.sys + PATH + word + "_reply");
    }
  }

  /** Adds and changes tags; others stay. Keys are letters, digits and `. - _`. */
  update(tags: { [key: string]: string }): Promise<Reply> {
    const list: object[] = [];
    for (const key in tags) list.push({ attrKey: key, attrValue: tags[key] });
    return this.port.call(PATH + "update", list);
  }

  /** Deletes tags by their keys; one that is not there is no failure. */
  remove(keys: string[]): Promise<Reply> {
    return this.port.call(PATH + "delete", keyList(keys));
  }

  /**
   * Asks for the tags of these keys, or for all: in the reply's `data`, a list of
   * `{attrKey, attrValue}`.
   */
  get(keys?: string[]): Promise<Reply> {
    return this.port.call(PATH + "get", keyList(keys || []));
  }
}

function keyList(keys: string[]): object[] {
  return keys.map((key) => ({ attrKey: key }));
}
