/**
 * Products and devices with their secrets, for who runs the platform.
 * @module
 */
import type { DeviceRecords } from "../store/device-records.ts";
import type { Catalog } from "./catalog.ts";

/** A product with its devices and all secrets. */
export interface CloudProduct {
  productKey: string;
  productSecret: string;
  name: string;
  devices: { deviceName: string; deviceSecret: string }[];
}

/** All there are now. */
export async function describeProducts(
  catalog: Catalog,
  devices: DeviceRecords,
): Promise<CloudProduct[]> {
  return Promise.all(
    catalog.list().map(async ({ productKey, productSecret, name }) => ({
      productKey,
      productSecret,
      name,
      devices: (await devices.list(productKey)).map(({ deviceName, deviceSecret }) => ({
        deviceName,
        deviceSecret,
      })),
    })),
  );
}
