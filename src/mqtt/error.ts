/**
 * Everything that can go wrong with a connection or a message, by number and name.
 * @module
 */

// CONNACK return codes (MQTT 3.1.1, 3.2.2.3) keep their numbers, local errors begin at 10, the
// peer's protocol errors at 50.

export const REFUSED_VERSION = 1;
export const REFUSED_CLIENT_ID = 2;
export const REFUSED_UNAVAILABLE = 3;
export const REFUSED_CREDENTIALS = 4;
export const REFUSED_UNAUTHORIZED = 5;
/** The stream could not be opened, or was not within the time allowed for it. */
export const DIAL_FAILED = 10;
/** No CONNACK in time. */
export const CONNECT_TIMEOUT = 11;
/** The peer or the network closed the connection. */
export const CONNECTION_CLOSED = 12;
/** No PINGRESP in time: the peer is dead or unreachable. */
export const PING_TIMEOUT = 13;
/** The application called `stop()`. */
export const DISCONNECTED = 14;
/** The link reported that it is down. */
export const LINK_DOWN = 15;
/** Not connected, and the message is not one that waits. */
export const OFFLINE = 16;
/** The outbox holds as many messages or bytes as it may. */
export const OUTBOX_FULL = 17;
/** Bad topic or filter. */
export const BAD_TOPIC = 18;
/** QoS 2, retained messages and will are not offered. */
export const NOT_OFFERED = 19;
/** The broker is alive but did not acknowledge the packet in time. */
export const NOT_ACKNOWLEDGED = 20;
/** From here on: protocol errors of the peer; each closes the connection. */
export const BAD_LENGTH = 50;
export const BAD_TYPE = 51;
export const BAD_FLAGS = 52;
export const TRUNCATED = 53;
export const ZERO_PACKET_ID = 54;
export const BAD_UTF8 = 55;
export const TOO_LARGE = 56;
export const BAD_RETURN_CODE = 57;
export const BAD_GRANT = 58;
export const UNEXPECTED_PACKET = 59;
export const FLOOD = 60;
export const BAD_PUBLISH_TOPIC = 61;

export interface MqttError {
  /** One of this module's constants. */
  code: number;
  /** The same for people, e.g. `"ping timeout"`. */
  name: string;
  /** Name and particulars in a sentence. */
  message: string;
  /** Milliseconds until the next attempt; 0: none will be made. Only where a connection ended. */
  retryIn?: number;
}

/** The error of a code; `detail` is appended to its message. @brief */
export function mqttError(code: number, detail?: string): MqttError {
  const name = errorName(code);
  return { code: code, name: name, message: detail ? name + ": " + detail : name };
}

/** Whether a refusal is about the client itself, so that trying again soon is of no use. */
export function isPermanent(code: number): boolean {
  return code >= REFUSED_VERSION && code <= REFUSED_UNAUTHORIZED && code !== REFUSED_UNAVAILABLE;
}

// A switch and not a table: on the board its texts stay in flash.
function errorName(code: number): string {
  switch (code) {
    case REFUSED_VERSION:
      return "protocol version refused";
    case REFUSED_CLIENT_ID:
      return "client id refused";
    case REFUSED_UNAVAILABLE:
      return "server unavailable";
    case REFUSED_CREDENTIALS:
      return "bad user name or password";
    case REFUSED_UNAUTHORIZED:
      return "not authorized";
    case DIAL_FAILED:
      return "connection failed";
    case CONNECT_TIMEOUT:
      return "connect timeout";
    case CONNECTION_CLOSED:
      return "connection closed";
    case PING_TIMEOUT:
      return "ping timeout";
    case DISCONNECTED:
      return "disconnected";
    case LINK_DOWN:
      return "link down";
    case OFFLINE:
      return "offline";
    case OUTBOX_FULL:
      return "outbox full";
    case BAD_TOPIC:
      return "bad topic";
    case NOT_OFFERED:
      return "QoS 2, retain and will are not offered";
    case NOT_ACKNOWLEDGED:
      return "not acknowledged";
  }
  return code >= BAD_LENGTH ? "protocol error: " + breachName(code) : "error " + code;
}

/** How the peer broke MQTT's rules. */
function breachName(code: number): string {
  switch (code) {
    case BAD_LENGTH:
      return "bad remaining length";
    case BAD_TYPE:
      return "packet type not for a client";
    case BAD_FLAGS:
      return "wrong flags";
    case TRUNCATED:
      return "truncated packet";
    case ZERO_PACKET_ID:
      return "packet id of zero";
    case BAD_UTF8:
      return "topic is not UTF-8";
    case TOO_LARGE:
      return "packet over the size limit";
    case BAD_RETURN_CODE:
      return "bad CONNACK";
    case BAD_GRANT:
      return "SUBACK does not fit the request";
    case UNEXPECTED_PACKET:
      return "packet out of turn";
    case FLOOD:
      return "more messages than can be acknowledged";
    case BAD_PUBLISH_TOPIC:
      return "empty topic or wildcard in a message";
  }
  return "" + code;
}
