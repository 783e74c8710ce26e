/**
 * Actions on how devices get in: dynamic registration, activation, certificates, instances.
 * @module
 */
import { CloudError } from "../../errors.ts";
import type { Action } from "../action.ts";

/** Our own: Alibaba's console has this switch, its API has not. */
export const SetProductDynamicRegistration: Action = async (parameters, { access, catalog }) => {
  const { productKey } = catalog.require(parameters.productKey());
  parameters.text("Enabled");
  await access.registrations.allow(productKey, parameters.boolean("Enabled", false));
  return {};
};

/** Makes a device as if it had never logged on: it may register again. */
export const ResetThing: Action = async (parameters, { access, broker, devices, ids }) => {
  const record = await parameters.device(devices);
  await broker.disconnect(record, "reset");
  await access.registration.reset(record);
  return { JobId: ids.message() };
};

export const QueryClientIds: Action = async (parameters, { access, devices }) => {
  const record = await parameters.device(devices);
  const clients = await access.registrations.clients(record);
  const DynamicRegClientIds = clients.map(({ clientId, createdAt }) => ({
    ClientId: clientId,
    CreateTime: createdAt,
  }));
  return { Data: { IotId: record.iotId, DynamicRegClientIds } };
};

export const DeleteClientIds: Action = async (parameters, { access, broker, devices }) => {
  const record = await parameters.device(devices);
  if ((await access.registrations.clients(record)).length === 0) {
    throw new CloudError("iot.device.NotExistedClientId", "the device has no client id");
  }
  await broker.disconnect(record, "client ids deleted");
  await access.registration.reset(record);
  return {};
};

export const QueryDeviceCert: Action = async (parameters, { access, catalog, devices }) => {
  const record = await parameters.device(devices);
  if (catalog.require(record.productKey).authType !== "x509") {
    const text = "devices of the product do not log on with X.509 certificates";
    throw new CloudError("iot.device.NotX509Product", text);
  }
  const { serialNumber, certificate, privateKey } = await access.deviceCertificates.of(record);
  const DeviceCertInfo = {
    CertSN: serialNumber,
    Certificate: certificate,
    PrivateKey: privateKey,
    Status: 1,
  };
  return { DeviceCertInfo };
};

/**
 * Our own: sends a device elsewhere (`Host`, `Port`), as the distribution of devices does in Alibaba's
 * console; without them back here.
 */
export const RedirectDevice: Action = async (parameters, { bootstrap, devices }) => {
  const device = await parameters.device(devices);
  const host = parameters.optional("Host");
  const place =
    host === undefined
      ? undefined
      : { host, port: parameters.integer("Port", { min: 1, max: 65_535 }) };
  await bootstrap.redirect(device, place);
  return {};
};
