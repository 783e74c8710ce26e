/**
 * What `AliIot` tells the updater, and nobody else needs.
 * @module
 */

export interface OtaPeer {
  /** The device is logged on and subscribed. */
  online(): void;
  /** The platform's answer to `firmware/get`; true: it was meant for the updater. */
  offered(reply: any): boolean;
  /** A reply on `thing/file/download_reply`, as it came. */
  block(payload: string): void;
}
