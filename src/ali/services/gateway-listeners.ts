/**
 * Who hears of a gateway's sub-devices.
 * @module
 */
import { describeError, logError, logInfo } from "../../debug/log.ts";
import type { SubDevice } from "./sub-device.ts";
import type { DeviceName } from "./sub-device-names.ts";

/** Hears of each sub-device that comes or goes, the latter with the reason. */
export type SubDeviceListener = (device: SubDevice<any>, online: boolean, reason: string) => void;

/**
 * Hears of changes made on the platform: `status` 0 the sub-devices were added to the topology, 1
 * taken out of it, 2 switched on, 8 switched off.
 */
export type TopologyListener = (status: number, devices: DeviceName[]) => void;

/** Gets what the platform sends to any sub-device; topic and data as those of `AliIot`. */
export type SubDeviceCallback = (device: SubDevice<any>, topic: string, data: any) => void;

/** Hears which sub-devices the platform asks the gateway to add. */
export type AddListener = (devices: DeviceName[]) => void;

export class Listeners {
  status: SubDeviceListener | undefined;
  topology: TopologyListener | undefined;
  add: AddListener | undefined;

  /** A sub-device has come or gone. */
  tell(device: SubDevice<any>, online: boolean, reason: string): void {
    if (!online) logInfo("ali", device.id + " offline: " + reason);
    this.hear(this.status, device, online, reason);
  }

  /** Calls a listener, if there is one; what it throws is logged. */
  hear(listener: any, first: any, second: any, third?: any): void {
    if (!listener) return;
    try {
      listener(first, second, third);
    } catch (error) {
      logError("ali", "a gateway's listener failed: " + describeError(error));
    }
  }
}
