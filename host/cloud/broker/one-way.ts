/**
 * aedes as the platform uses it: what devices publish ends here, and is not routed to subscribers.
 * @module
 */
import { Aedes, type Client, type PublishPacket } from "aedes";

type Done = (error?: Error) => void;

export class OneWayAedes extends Aedes {
  /** As aedes calls it: with the client when it is a device's message, without for its own. */
  override publish(packet: PublishPacket, ...rest: [Done] | [Client | null, Done]): void {
    const [client, done] = rest.length === 1 ? [null, rest[0]] : rest;
    if (client) done();
    else super.publish(packet, done);
  }
}
