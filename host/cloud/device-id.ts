/**
 * How a device is named within the platform.
 * @module
 */

export interface DeviceId {
  productKey: string;
  deviceName: string;
}

/** One text per device: the MQTT user name's form, `{deviceName}&{productKey}`. */
export function deviceKey({ productKey, deviceName }: DeviceId): string {
  return `${deviceName}&${productKey}`;
}

/** Names of devices: 4 to 32 of these characters. */
export const DEVICE_NAME = /^[A-Za-z0-9_.:@-]{4,32}$/;
/** Product keys: letters and digits, at most 20. */
export const PRODUCT_KEY = /^[A-Za-z0-9]{4,20}$/;
