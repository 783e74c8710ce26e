/**
 * Who the devices of the fleet are: a product file for the platform, and how each logs on.
 * @module
 */
import { createHmac } from "node:crypto";

const PRODUCT_KEY = "a1FleetBench";

/** What both ends know of one device. */
export interface FleetDevice {
  deviceName: string;
  deviceSecret: string;
}

/** The fields of its CONNECT. */
export interface LogOn {
  clientId: string;
  username: string;
  password: string;
}

/** Device number `index`; its secret follows from its name, so that nothing is handed over. */
function deviceOf(index: number): FleetDevice {
  const deviceName = `fleet_${String(index).padStart(5, "0")}`;
  const deviceSecret = createHmac("md5", PRODUCT_KEY).update(deviceName).digest("hex");
  return { deviceName, deviceSecret };
}

export function logOnOf(index: number): LogOn {
  const { deviceName, deviceSecret } = deviceOf(index);
  const content = `clientId${deviceName}deviceName${deviceName}productKey${PRODUCT_KEY}`;
  return {
    clientId: `${deviceName}|securemode=3,signmethod=hmacsha256|`,
    username: `${deviceName}&${PRODUCT_KEY}`,
    password: createHmac("sha256", deviceSecret).update(content).digest("hex"),
  };
}

/** The topic of a device's reports; the platform answers on `…_reply`. */
export function topicOf(index: number): string {
  return `/sys/${PRODUCT_KEY}/${deviceOf(index).deviceName}/thing/event/property/post`;
}

/** A report of two properties. */
export function reportOf(id: number): string {
  const params = { temperature: 20 + (id % 100) / 10, power: id % 2000 };
  return JSON.stringify({
    id: String(id),
    version: "1.0",
    params,
    method: "thing.event.property.post",
  });
}

/** The product file with all devices. */
export function productFile(devices: number): string {
  const range = { type: "float", specs: { min: "-40", max: "125", step: "0.1" } };
  const power = { type: "int", specs: { min: "0", max: "10000", step: "1" } };
  const property = (identifier: string, dataType: object) => {
    return { identifier, name: identifier, accessMode: "r", dataType };
  };
  const tsl = {
    profile: { productKey: PRODUCT_KEY },
    properties: [property("temperature", range), property("power", power)],
    events: [],
    services: [],
  };
  const product = {
    productKey: PRODUCT_KEY,
    name: "Fleet",
    tsl,
    devices: Array.from({ length: devices }, (_, index) => deviceOf(index)),
  };
  return JSON.stringify({ products: [product] });
}
