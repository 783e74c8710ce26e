/**
 * What the platform offers devices beside the thing model, RRPC and updates.
 * @module
 */
import type { Registration } from "./auth/registration.ts";
import type { Broker } from "./broker/broker.ts";
import { NetworkStatus } from "./diagnosis/network-status.ts";
import { Gateways } from "./gateway/gateways.ts";
import { DeviceJobs } from "./jobs/jobs.ts";
import { JobRequests } from "./jobs/requests.ts";
import { Rollout } from "./jobs/rollout.ts";
import { type Keeper, Lifecycle } from "./lifecycle/lifecycle.ts";
import { Logs } from "./logs/logs.ts";
import type { MessageIds } from "./message-ids.ts";
import type { OtaPlatform } from "./ota/start.ts";
import type { Catalog } from "./products/catalog.ts";
import { RemoteConfigs } from "./remote-config/remote-config.ts";
import type { Router } from "./router.ts";
import { Shadows } from "./shadow/shadows.ts";
import { DeviceFiles } from "./store/device-files.ts";
import type { DeviceRecords } from "./store/device-records.ts";
import type { History } from "./store/history.ts";
import type { OrderedStore } from "./store/ordered-store.ts";
import { Topology } from "./store/topology.ts";
import { Tags } from "./tags/tags.ts";
import type { Commands } from "./thing/commands.ts";
import { Notices } from "./thing/notices.ts";
import type { Trace } from "./trace.ts";
import { Uploads } from "./uploads/uploads.ts";

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
  /** Files that devices have uploaded or are uploading. */
  deviceFiles: DeviceFiles;
  /** Jobs for devices and their tasks. */
  deviceJobs: DeviceJobs;
  /** Creates, changes, cancels and deletes such jobs. */
  rollout: Rollout;
  /** Switching off and on, and deleting. */
  lifecycle: Lifecycle;
  /** Gateways and their sub-devices. */
  gateways: Gateways;
}

interface Parts {
  store: OrderedStore;
  trace: Trace;
  router: Router;
  broker: Broker;
  ids: MessageIds;
  catalog: Catalog;
  devices: DeviceRecords;
  commands: Commands;
  history: History;
  registration: Registration;
  ota: OtaPlatform;
}

/** @param others who else keeps something of each device. */
export async function startServices(
  parts: Parts,
  others: Keeper[],
): Promise<{ api: DeviceServices; close(): Promise<void> }> {
  const { store, trace, router, broker, ids, devices, catalog, ota } = parts;
  const notices = new Notices(router, ids);
  const shadows = await Shadows.load(store, router, broker);
  const tags = await Tags.load(store, router);
  const config = await RemoteConfigs.load({ ...parts, notices });
  const logs = await Logs.load({ ...parts, notices });
  const networkStatus = new NetworkStatus(store, router, ids);
  const deviceFiles = await DeviceFiles.load(store, ota.files);
  new Uploads(router, deviceFiles);
  const deviceJobs = await DeviceJobs.load(store);
  const rollout = new Rollout(deviceJobs, trace, {
    ...parts,
    pushes: ota.pushes,
    files: ota.files,
  });
  new JobRequests(router, deviceJobs, rollout);
  const topology = await Topology.load(store);
  const modelOf = (productKey: string) => catalog.require(productKey).model;
  const gateways = new Gateways({ ...parts, topology, notices, modelOf });
  const kept = [gateways, shadows, tags, logs, networkStatus, deviceFiles, deviceJobs];
  const lifecycle = new Lifecycle(broker, devices, notices, [...kept, ...others]);
  return {
    api: {
      ...{ shadows, tags, config, logs, networkStatus, lifecycle, gateways },
      ...{ deviceFiles, deviceJobs, rollout },
    },
    close: async () => {
      notices.close();
      await router.settle();
      for (const service of [shadows, tags, config, logs, rollout, gateways]) await service.close();
    },
  };
}
