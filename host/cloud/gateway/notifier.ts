/**
 * What the platform tells gateways of their sub-devices without being asked.
 * @module
 */
import { GATEWAY_ERROR_QOS } from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";
import type { MessageIds } from "../message-ids.ts";
import type { Router } from "../router.ts";
import type { Notices } from "../thing/notices.ts";
import { nameOf } from "./entries.ts";
import { type RefusalCode, textOf } from "./refused.ts";

/** The `status` of `thing/topo/change`. */
export const TopoStatus = { created: 0, deleted: 1, enabled: 2, disabled: 8 } as const;

export class Notifier {
  readonly #router: Router;
  readonly #ids: MessageIds;
  readonly #notices: Notices;

  constructor(router: Router, ids: MessageIds, notices: Notices) {
    this.#router = router;
    this.#ids = ids;
    this.#notices = notices;
    for (const path of ["thing/topo/change", "thing/topo/add/notify"]) notices.offer(path);
  }

  /** Asks a gateway to add sub-devices; gives the id of the message and what became of it. */
  async askToAdd(gateway: DeviceId, devices: DeviceId[]) {
    return this.#notices.send(gateway, "thing/topo/add/notify", devices.map(nameOf));
  }

  /** Tells a gateway that its topology was changed elsewhere; it may be away. */
  async topologyChanged(
    gateway: DeviceId,
    status: (typeof TopoStatus)[keyof typeof TopoStatus],
    devices: DeviceId[],
  ): Promise<void> {
    const params = { status, subList: devices.map(nameOf) };
    await this.#notices.send(gateway, "thing/topo/change", params);
  }

  /** Tells a gateway why a sub-device is or goes offline; `id` of the message that failed. */
  async error(
    gateway: DeviceId,
    device: DeviceId,
    code: RefusalCode,
    id: string | number = this.#ids.alink(),
  ): Promise<void> {
    const { productKey, deviceName } = gateway;
    const message = { id, code, data: nameOf(device), message: textOf(code) };
    await this.#router.send(gateway, {
      topic: `/ext/error/${productKey}/${deviceName}`,
      payload: Buffer.from(JSON.stringify(message)),
      qos: GATEWAY_ERROR_QOS,
    });
  }
}
