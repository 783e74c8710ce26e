/**
 * Tells devices where to log on (Link SDK C 4.1, aiot_bootstrap_api.c): at this platform, unless one
 * was sent elsewhere.
 * @module
 */
import type { Broker } from "../broker/broker.ts";
import type { Endpoint } from "../broker/listeners.ts";
import type { DeviceId } from "../device-id.ts";
import { CloudError } from "../errors.ts";
import type { MessageIds } from "../message-ids.ts";
import { isAny } from "../ota/pushes.ts";
import type { Router } from "../router.ts";
import type { DeviceRecords } from "../store/device-records.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import { parseReply } from "../thing/alink.ts";
import { Code } from "../thing/codes.ts";

export interface BootstrapParts {
  broker: Broker;
  router: Router;
  ids: MessageIds;
  devices: DeviceRecords;
  store: OrderedStore;
  /** Where devices log on here. */
  endpoints(): { mqtt: Endpoint; mqtts: Endpoint };
}

const HOST = /^[A-Za-z0-9.-]{1,253}$/;

export class Bootstrap {
  readonly #parts: BootstrapParts;

  constructor(parts: BootstrapParts) {
    this.#parts = parts;
    parts.router.route("/sys/{own}/thing/bootstrap/notify_reply", ({ payload }) => {
      const code = parseReply(payload)?.code;
      return code === undefined ? { note: "not a reply" } : { code };
    });
  }

  /**
   * Where a device is to log on; who names none is told where anybody does.
   * @param by how it reached the platform: by the name it used, and with TLS or without
   */
  async locate(
    device: DeviceId | undefined,
    { hostname, tls }: { hostname: string; tls: boolean },
  ): Promise<Endpoint | { code: number; message: string }> {
    const { devices, store, endpoints } = this.#parts;
    if (device) {
      if (!(await devices.get(device))) {
        return { code: Code.parameter, message: "productKey and deviceName name no device" };
      }
      const sent = await store.get<Endpoint>(key(device));
      if (sent) return sent;
    }
    const { mqtt, mqtts } = endpoints();
    const { host, port } = tls ? mqtts : mqtt;
    return { host: isAny(host) ? hostname : host, port };
  }

  /**
   * Sends a device elsewhere, or with no place back here; one that is online is asked to look anew.
   * @throws CloudError when there is no such device, or the place is none
   */
  async redirect(device: DeviceId, place: Endpoint | undefined): Promise<void> {
    const { broker, devices, store, router, ids } = this.#parts;
    if (!(await devices.get(device))) {
      throw new CloudError("iot.device.NotExistedDevice", "the device does not exist");
    }
    if (place && !(HOST.test(place.host) && place.port > 0 && place.port < 65_536)) {
      const text = "Host has to be a name or address, Port 1 to 65535";
      throw new CloudError("iot.common.InvalidFormattedParameter", text);
    }
    if (place) await store.put(key(device), place);
    else await store.delete(key(device));
    if (!broker.session(device)?.online) return;
    const { productKey, deviceName } = device;
    const params = { cmd: 0 };
    const request = { id: ids.alink(), version: "1.0", params, method: "thing.bootstrap.notify" };
    await router.send(device, {
      topic: `/sys/${productKey}/${deviceName}/thing/bootstrap/notify`,
      payload: Buffer.from(JSON.stringify(request)),
      qos: 1,
    });
  }
}

/** A deleted device is sent nowhere. */
export function forgetPlace(store: OrderedStore, device: DeviceId): Promise<void> {
  return store.delete(key(device));
}

function key({ productKey, deviceName }: DeviceId): string {
  return `bootstrap/${productKey}/${deviceName}`;
}
