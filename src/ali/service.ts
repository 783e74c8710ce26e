/**
 * What stands beside the thing model on the platform (shadow, tags, updates, …) is a service: a class
 * of its own in `services/`, made with the `AliIot` that it serves. One that no application imports is
 * in no bundle.
 * @module
 */

/** What a service hears of its device; it tells the device through `Port`. */
export interface Service {
  /**
   * Takes a message, topic and payload as byte strings; false: it is another's. Must not throw.
   */
  accept(topic: string, payload: string): boolean;
  /** Logged on and subscribed; every time. */
  online?(): void;
  /** The connection is gone, or the attempt at one. */
  offline?(): void;
}
