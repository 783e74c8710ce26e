/**
 * Sub-devices that are given their secret through their gateway: of products that allow it, and as
 * long as they have never been online (help.aliyun.com/document_detail/89298.html).
 * @module
 */
import type { Registration } from "../auth/registration.ts";
import { REGISTER_BATCH_MAX } from "../defaults.ts";
import { type DeviceId, deviceKey } from "../device-id.ts";
import type { Catalog } from "../products/catalog.ts";
import type { Router } from "../router.ts";
import type { DeviceRecord, DeviceRecords } from "../store/device-records.ts";
import { isObject } from "../thing/alink.ts";
import type { Answer } from "../thing/request.ts";
import { type Entry, nameOf, readEntries } from "./entries.ts";
import { offerToGateways } from "./offer.ts";
import { Refused } from "./refused.ts";

export interface RegistrationParts {
  router: Router;
  catalog: Catalog;
  devices: DeviceRecords;
  registration: Pick<Registration, "isOn" | "register">;
}

export class SubDeviceRegistrations {
  readonly #parts: RegistrationParts;

  constructor(parts: RegistrationParts) {
    this.#parts = parts;
    const offer = (path: string, handle: (params: unknown, gateway: DeviceId) => Promise<Answer>) =>
      offerToGateways(parts, `/sys/{own}/thing/${path}`, handle);
    offer("sub/register", (params, gateway) => this.#register(params, gateway));
    offer("proxy/provisioning/product_register", (params) => this.#registerSigned(params));
  }

  /** All of them or none. */
  async #register(params: unknown, gateway: DeviceId): Promise<Answer> {
    const entries = readEntries(params, REGISTER_BATCH_MAX);
    const records: DeviceRecord[] = [];
    for (const entry of entries) {
      if (deviceKey(entry) === deviceKey(gateway)) throw new Refused(6402);
      records.push(await this.#registrable(entry));
    }
    const data = records.map(({ iotId, productKey, deviceName, deviceSecret }) => {
      return { iotId, productKey, deviceName, deviceSecret };
    });
    return { code: 200, data };
  }

  /** Each by itself: what came of it stands under `successes` or `failures`. */
  async #registerSigned(params: unknown): Promise<Answer> {
    if (!isObject(params)) throw new Refused(460, "params has to be an object");
    const successes: unknown[] = [];
    const failures: unknown[] = [];
    for (const entry of readEntries(params.proxieds, REGISTER_BATCH_MAX)) {
      const { random, sign, signMethod } = entry.fields;
      const request = {
        ...nameOf(entry),
        random: String(random ?? ""),
        sign: String(sign ?? ""),
        signMethod: String(signMethod ?? ""),
      };
      const outcome = await this.#parts.registration.register(request, "register", "gateway");
      if ("code" in outcome) failures.push({ ...nameOf(entry), ...outcome });
      else successes.push({ ...outcome, iotId: (await this.#parts.devices.get(entry))?.iotId });
    }
    return { code: 200, data: { successes, failures } };
  }

  /** @throws Refused 6250, 6288, 6100 or 6289. */
  async #registrable(entry: Entry): Promise<DeviceRecord> {
    const { catalog, devices, registration } = this.#parts;
    const product = catalog.get(entry.productKey);
    if (!product) throw new Refused(6250, entry.productKey);
    if (!(await registration.isOn(product))) throw new Refused(6288, entry.productKey);
    const record = await devices.get(entry);
    if (!record) throw new Refused(6100, entry.deviceName);
    if (record.activeAt !== undefined) throw new Refused(6289, entry.deviceName);
    return record;
  }
}
