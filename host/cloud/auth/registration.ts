/**
 * Dynamic registration: a device that knows its product's secret alone is given one of its own, over
 * HTTPS (help.aliyun.com/document_detail/132111.html) or MQTT (132112.html); pre-registered, or not
 * (`regnwl`): then it gets a client id and a token.
 * @module
 */
import { randomBytes } from "node:crypto";
import { CLIENT_IDS_MAX, CLIENT_IDS_USED_UP, REGISTER_UNKNOWN_DEVICE } from "../defaults.ts";
import { DEVICE_NAME, type DeviceId, PRODUCT_KEY } from "../device-id.ts";
import type { Product } from "../products/catalog.ts";
import type { DeviceRecords } from "../store/device-records.ts";
import type { Registrations } from "../store/registrations.ts";
import { Code } from "../thing/codes.ts";
import type { Trace } from "../trace.ts";
import { SIGN_METHODS, sameSignature, sign, signContent } from "./signature.ts";

/** `register`: the device exists; `regnwl`: it may not. */
export type RegistrationKind = "register" | "regnwl";

/** What a device sends, as it came. */
export interface RegistrationRequest {
  productKey: string;
  deviceName: string;
  random: string;
  sign: string;
  signMethod: string;
}

/** What a device is given. */
export interface Registered extends DeviceId {
  deviceSecret?: string;
  clientId?: string;
  deviceToken?: string;
}

/** Why it is given nothing: one of the documented codes. */
export interface NotRegistered {
  code: number;
  message: string;
}

export interface RegistrationParts {
  product(productKey: string): Product | undefined;
  devices: DeviceRecords;
  registrations: Registrations;
  trace: Trace;
}

export class Registration {
  readonly #parts: RegistrationParts;
  /** One after the other, so that no client id is given beyond the limit. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: RegistrationParts) {
    this.#parts = parts;
  }

  /** Whether devices of a product may register; off unless somebody switched it on. */
  async isOn(product: Product): Promise<boolean> {
    const set = await this.#parts.registrations.allowed(product.productKey);
    return set ?? product.dynamicRegistration;
  }

  /** @param form how it came, for the trace. */
  register(
    request: RegistrationRequest,
    kind: RegistrationKind,
    form: "https" | "mqtt" | "gateway",
  ): Promise<Registered | NotRegistered> {
    const done = this.#last.then(async () => {
      const outcome = await this.#register(request, kind);
      const { productKey, deviceName } = request;
      const verdict = "code" in outcome ? outcome : { code: Code.success, message: "success" };
      const device = { productKey, deviceName };
      this.#parts.trace.emit("registration", { at: Date.now(), device, kind, form, ...verdict });
      return outcome;
    });
    this.#last = done.catch(() => {});
    return done;
  }

  /** The token that a client id stands for; undefined: it was not given to this device. */
  async deviceToken(device: DeviceId, clientId: string): Promise<string | undefined> {
    const clients = await this.#parts.registrations.clients(device);
    return clients.find((client) => client.clientId === clientId)?.deviceToken;
  }

  /** Forgets that a device was ever there: it may register again, and what it was given is void. */
  async reset(device: DeviceId): Promise<void> {
    const { devices, registrations } = this.#parts;
    await registrations.clear(device);
    await devices.update(device, { activeAt: undefined });
  }

  async #register(
    request: RegistrationRequest,
    kind: RegistrationKind,
  ): Promise<Registered | NotRegistered> {
    const { devices, product: productOf } = this.#parts;
    const fault = formatFault(request);
    if (fault !== undefined) return { code: Code.parameter, message: fault };
    const { productKey, deviceName, random, signMethod } = request;
    const product = productOf(productKey);
    if (!product) return { code: Code.productNotFound, message: "product does not exist" };
    if (!(await this.isOn(product))) {
      const message = "dynamic registration is switched off for the product";
      return { code: Code.registrationOff, message };
    }
    const method = signMethod.toLowerCase();
    if (!Object.hasOwn(SIGN_METHODS, method)) {
      return { code: Code.signMethod, message: `sign method "${signMethod}" is not supported` };
    }
    const content = signContent({ deviceName, productKey, random });
    if (!sameSignature(sign(method, product.productSecret, content), request.sign)) {
      return { code: Code.signature, message: "signature check failed" };
    }
    const device = { productKey, deviceName };
    const record = await devices.get(device);
    if (kind === "regnwl") return this.#issueToken(device);
    if (!record) return { code: REGISTER_UNKNOWN_DEVICE, message: "device does not exist" };
    if (record.activeAt !== undefined) {
      return { code: Code.activated, message: "device has been activated; reset it first" };
    }
    const deviceSecret = randomBytes(16).toString("hex");
    await devices.update(device, { deviceSecret, registeredAt: Date.now() });
    return { ...device, deviceSecret };
  }

  async #issueToken(device: DeviceId): Promise<Registered | NotRegistered> {
    const { devices, registrations } = this.#parts;
    const record = await devices.get(device);
    const clients = await registrations.clients(device);
    // Who has logged on without a token has a secret.
    if (record?.activeAt !== undefined && clients.length === 0) {
      return { code: Code.activated, message: "device has been activated; reset it first" };
    }
    if (clients.length >= CLIENT_IDS_MAX) {
      const message = `device has ${CLIENT_IDS_MAX} client ids already; reset it first`;
      return { code: CLIENT_IDS_USED_UP, message };
    }
    if (!record) await devices.create(device);
    const clientId = randomBytes(12).toString("hex");
    const deviceToken = `^1^${randomBytes(24).toString("base64url")}`;
    await registrations.add(device, { clientId, deviceToken, createdAt: Date.now() });
    return { ...device, clientId, deviceToken };
  }
}

function formatFault(request: RegistrationRequest): string | undefined {
  const { productKey, deviceName, random, sign: signature } = request;
  if (!PRODUCT_KEY.test(productKey)) return "productKey is missing or malformed";
  if (!DEVICE_NAME.test(deviceName)) return "deviceName is missing or malformed";
  if (random === "" || random.length > 64) return "random has to be 1 to 64 characters";
  if (signature === "") return "sign is missing";
  return undefined;
}
