/**
 * What the platform offers devices beside the thing model, RRPC and updates.
 * @module
 */
import type { Broker } from "./broker/broker.ts";
import { NetworkStatus } from "./diagnosis/network-status.ts";
import { type Keeper, Lifecycle } from "./lifecycle/lifecycle.ts";
import { Logs } from "./logs/logs.ts";
import type { MessageIds } from "./message-ids.ts";
import type { OtaPlatform } from "./ota/start.ts";
import type { Catalog } from "./products/catalog.ts";
import { RemoteConfigs } from "./remote-config/remote-config.ts";
import type { Router } from "./router.ts";
import { Shadows } from "./shadow/shadows.ts";
import type { DeviceRecords } from "./store/device-records.ts";
import type { OrderedStore } from "./store/ordered-store.ts";
import { Tags } from "./tags/tags.ts";
import { Notices } from "./thing/notices.ts";

export interface DeviceServices {
  /** Devices' shadows: what they reported and what is desired of them. */
  shadows: Shadows;
  tags: Tags;
  /** Remote configuration, per product. */
  config: RemoteConfigs;
  /** Logs that devices upload, and the switch for it. */
  logs: Logs;
  /** What devices report of their network. */
  networkStatus: NetworkStatus;
  /** Switching off and on, and deleting. */
  lifecycle: Lifecycle;
}

interface Parts {
  store: OrderedStore;
  router: Router;
  broker: Broker;
  ids: MessageIds;
  catalog: Catalog;
  devices: DeviceRecords;
  ota: OtaPlatform;
}

/** @param others who else keeps something of each device. */
export async function startServices(
  parts: Parts,
  others: Keeper[],
): Promise<{ api: DeviceServices; close(): Promise<void> }> {
  const { store, router, broker, ids, devices } = parts;
  const notices = new Notices(router, ids);
  const shadows = await Shadows.load(store, router, broker);
  const tags = await Tags.load(store, router);
  const config = await RemoteConfigs.load({ ...parts, notices });
  const logs = await Logs.load({ ...parts, notices });
  const networkStatus = new NetworkStatus(store, router, ids);
  const keepers = [shadows, tags, logs, networkStatus, ...others];
  const lifecycle = new Lifecycle(broker, devices, notices, keepers);
  return {
    api: { shadows, tags, config, logs, networkStatus, lifecycle },
    close: async () => {
      notices.close();
      await router.settle();
      for (const service of [shadows, tags, config, logs]) await service.close();
    },
  };
}
