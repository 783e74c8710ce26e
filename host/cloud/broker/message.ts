/**
 * An MQTT message as the platform offers it: QoS 0 or 1, never retained.
 * @module
 */

export interface Message {
  topic: string;
  payload: Buffer;
  qos: 0 | 1;
}
