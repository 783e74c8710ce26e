/**
 * When devices come and go.
 * @module
 */
import type { Broker } from "./broker/broker.ts";
import type { DeviceRecords } from "./store/device-records.ts";

/** Keeps in the store when devices come and go; returns what waits for the last entry. */
export function recordPresence(broker: Broker, devices: DeviceRecords): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  broker.on("online", (device, address) => {
    last = last.then(async () => {
      const now = Date.now();
      const activeAt = (await devices.get(device))?.activeAt ?? now;
      await devices.update(device, { activeAt, onlineAt: now, address });
    });
  });
  broker.on("offline", (device) => {
    last = last.then(() => devices.update(device, { offlineAt: Date.now() }));
  });
  return () => last;
}
