/**
 * The certificates of devices that log on with one (`authType` x509): made when somebody first asks
 * for them, and kept.
 * @module
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { DeviceId } from "../device-id.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import type { Certificates } from "./authority.ts";

/** What a device needs to log on; texts are PEM. */
export interface DeviceCertificate {
  /** Hex. */
  serialNumber: string;
  certificate: string;
  /** PKCS #1, as Alibaba gives it. */
  privateKey: string;
}

export class DeviceCertificates {
  readonly #store: OrderedStore;
  readonly #issue: Certificates["issue"];
  /** One at a time, so that no device gets two. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: OrderedStore, { issue }: Pick<Certificates, "issue">) {
    this.#store = store;
    this.#issue = issue;
  }

  /** A device's certificate. */
  of(device: DeviceId): Promise<DeviceCertificate> {
    const made = this.#last.then(async () => {
      const kept = await this.#store.get<DeviceCertificate>(certificateKey(device));
      return kept ?? this.#make(device);
    });
    this.#last = made.catch(() => {});
    return made;
  }

  /** The device whose certificate has a SHA-256, in hex. */
  owner(fingerprint: string): Promise<DeviceId | undefined> {
    return this.#store.get<DeviceId>(ownerKey(fingerprint));
  }

  /** A device's certificate is void from now on; it gets another one when somebody asks. */
  async forget(device: DeviceId): Promise<void> {
    const kept = await this.#store.get<DeviceCertificate>(certificateKey(device));
    if (!kept) return;
    await this.#store.delete(ownerKey(fingerprintOf(kept.certificate)));
    await this.#store.delete(certificateKey(device));
  }

  async #make(device: DeviceId): Promise<DeviceCertificate> {
    const { serialNumber, certificate, key } = await this.#issue(device.deviceName);
    const pkcs1 = createPrivateKey(key).export({ type: "pkcs1", format: "pem" });
    const made = { serialNumber, certificate, privateKey: String(pkcs1) };
    const { productKey, deviceName } = device;
    const owner = { productKey, deviceName };
    await this.#store.put(ownerKey(fingerprintOf(certificate)), owner);
    await this.#store.put(certificateKey(device), made);
    return made;
  }
}

/** SHA-256 in hex. */
function fingerprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint256.replaceAll(":", "").toLowerCase();
}

function certificateKey({ productKey, deviceName }: DeviceId): string {
  return `certificate/${productKey}/${deviceName}`;
}

function ownerKey(fingerprint: string): string {
  return `certificate-owner/${fingerprint}`;
}
