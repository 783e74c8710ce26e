/**
 * Puts together the ways in besides a device's own secret, and starts the servers that they need.
 * @module
 */
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { type Endpoint, Listener } from "../broker/listeners.ts";
import type { Certificates } from "../certificate/authority.ts";
import { DeviceCertificates } from "../certificate/devices.ts";
import type { DeviceId } from "../device-id.ts";
import type { Catalog } from "../products/catalog.ts";
import type { DeviceRecords } from "../store/device-records.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import { Registrations } from "../store/registrations.ts";
import type { Trace } from "../trace.ts";
import { Bootstrap, type BootstrapParts, forgetPlace } from "./bootstrap.ts";
import { AuthServer } from "./http.ts";
import type { OtherAccess } from "./other-access.ts";
import { Registration } from "./registration.ts";

export interface AccessParts {
  catalog: Catalog;
  devices: DeviceRecords;
  store: OrderedStore;
  certificates: Certificates;
  trace: Trace;
}

/** Who lets devices in, for the broker, the OpenAPI and programs. */
export class Access implements OtherAccess {
  readonly registrations: Registrations;
  readonly registration: Registration;
  readonly deviceCertificates: DeviceCertificates;
  readonly #store: OrderedStore;
  readonly #certificates: Certificates;
  readonly #asked = new WeakSet<Socket>();

  constructor({ catalog, devices, store, certificates, trace }: AccessParts) {
    this.#store = store;
    this.#certificates = certificates;
    this.registrations = new Registrations(store);
    this.registration = new Registration({
      product: (productKey) => catalog.get(productKey),
      devices,
      registrations: this.registrations,
      trace,
    });
    this.deviceCertificates = new DeviceCertificates(store, certificates);
  }

  readonly register: OtherAccess["register"] = (request, kind, form) =>
    this.registration.register(request, kind, form);

  readonly deviceToken: OtherAccess["deviceToken"] = (device, clientId) =>
    this.registration.deviceToken(device, clientId);

  readonly certified: OtherAccess["certified"] = (fingerprint) =>
    this.deviceCertificates.owner(fingerprint);

  /** The device is deleted: nothing that it was given lets it in again. */
  async forget(device: DeviceId): Promise<void> {
    await this.registrations.clear(device);
    await this.deviceCertificates.forget(device);
    await forgetPlace(this.#store, device);
  }

  readonly showsCertificate = (socket: TLSSocket): boolean => this.#asked.has(socket);

  /** MQTT on TLS that asks for the devices' certificates. */
  listen(endpoint: Endpoint, accept: (socket: Socket) => void): Promise<Listener> {
    const asking = (socket: TLSSocket) => {
      this.#asked.add(socket);
      accept(socket);
    };
    return Listener.tls(endpoint, this.#certificates, asking, true);
  }

  /** HTTP and HTTPS for registration and bootstrap. */
  async serve(
    host: string,
    [port, tlsPort]: [number, number],
    places: BootstrapParts,
    closers: (() => unknown)[],
  ): Promise<{ bootstrap: Bootstrap; auth: string; authTls: string }> {
    const bootstrap = new Bootstrap(places);
    const parts = { registration: this.registration, bootstrap };
    const plain = await AuthServer.start({ host, port }, parts);
    closers.push(() => plain.close());
    const secure = await AuthServer.start({ host, port: tlsPort }, parts, this.#certificates);
    closers.push(() => secure.close());
    return {
      bootstrap,
      auth: `http://${host}:${plain.endpoint.port}`,
      authTls: `https://${host}:${secure.endpoint.port}`,
    };
  }
}
