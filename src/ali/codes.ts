/**
 * Codes of `connect()` and of `lastReply` that are neither Ali's (from 100 on) nor MQTT's
 * (`mqtt/error`: 1 to 20, and from 50 on).
 * @module
 */

/** `connect()`: the platform refused a subscription; the connection stands. */
export const SUBSCRIPTION_REFUSED = 30;
/** `connect()`: no network within 60 s; the attempts go on. */
export const NO_NETWORK = 31;
/** A report: no reply of the platform in time. */
export const REPLY_TIMEOUT = 32;
/** An upload: the application has cancelled it, or begun another one while it ran. */
export const UPLOAD_CANCELLED = 40;
export const UPLOAD_BUSY = 41;
/** An upload: name or source can't be used; the message says why. */
export const UPLOAD_UNFIT = 42;
/** `RemoteConfig`: what the platform offers is not as documented. */
export const BAD_OFFER = 45;
/** `RemoteConfig`: the file is larger than the device takes. */
export const CONFIG_TOO_LARGE = 46;
export const CONFIG_DOWNLOAD_FAILED = 47;
/** `RemoteConfig`: the digest is not the announced one, or the file is not JSON. */
export const BAD_CONFIG = 48;
/** `RemoteConfig`: the listener failed, or returned false. */
export const CONFIG_REFUSED = 49;
