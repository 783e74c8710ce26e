/**
 * What the broker is told, and what it tells.
 * @module
 */
import type { TLSSocket } from "node:tls";
import type { Credentials, LogOnLimits } from "../auth/log-on.ts";
import type { OtherAccess } from "../auth/other-access.ts";
import type { DeviceId } from "../device-id.ts";
import type { Trace } from "../trace.ts";
import type { Message } from "./message.ts";
import type { TopicClass } from "./topic.ts";

/** What became of a message to a device. */
export type Delivery = "sent" | "stored" | "not subscribed" | "offline" | "queue full";

export interface BrokerOptions {
  lookUp(device: DeviceId): Promise<Credentials | undefined>;
  topicClasses(productKey: string): readonly TopicClass[];
  /** Registration, tokens and certificates. */
  access?: OtherAccess;
  /** Whether a connection was asked for its certificate. */
  showsCertificate?: (socket: TLSSocket) => boolean;
  trace: Trace;
  limits?: LogOnLimits | undefined;
  /** Whether a publish without permission also closes the connection; by default it is dropped. */
  closeOnForbiddenPublish?: boolean | undefined;
}

export interface BrokerEvents {
  /** `taken` is to be called once, when the message has been handled: PUBACK goes out then. */
  publish: [device: DeviceId, message: Message, note: string | undefined, taken: () => void];
  online: [device: DeviceId, address: string];
  offline: [device: DeviceId];
  /** A sub-device has come elsewhere, and is no longer with this gateway. */
  displaced: [device: DeviceId, gateway: DeviceId];
  /** A device has published on a topic of another one that is not online through it. */
  stranger: [publisher: DeviceId, owner: DeviceId, message: Message];
}
