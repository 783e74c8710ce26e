/**
 * Waits until an example's device is logged on and has subscribed.
 * @module
 */
import { once } from "node:events";
import type { Stage } from "../../host/demo/stage.ts";

/** Resolves when the platform has granted `topic`, below the device's own `/sys/…/`. */
export async function subscribed({ cloud, device }: Stage, topic: string): Promise<void> {
  const filter = `/sys/${device.productKey}/${device.deviceName}/${topic}`;
  for (;;) {
    const session = cloud.registry.broker.session(device);
    if (session?.filters.has(filter)) return;
    await once(cloud.trace, "subscription", { signal: AbortSignal.timeout(20_000) });
    // It is traced before it is granted.
    await new Promise(setImmediate);
  }
}
