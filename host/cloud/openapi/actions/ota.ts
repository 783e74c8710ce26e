/**
 * Actions on updates: the modules of products, and the versions that devices have reported.
 * @module
 */
import type { Action } from "../action.ts";
import { paged } from "../pages.ts";
import type { Parameters } from "../parameters.ts";
import { gmt } from "../times.ts";

export const ListOTAModuleByProduct: Action = async (parameters, { catalog, ota }) => {
  const productKey = parameters.productKey();
  catalog.require(productKey);
  const modules = await ota.modules.list(productKey);
  const Data = modules.map(({ name, alias, description, createdAt, modifiedAt }) => ({
    ModuleName: name,
    AliasName: alias,
    ProductKey: productKey,
    Desc: description,
    ...(createdAt === 0 ? {} : { GmtCreate: gmt(createdAt), GmtModified: gmt(modifiedAt) }),
  }));
  return { Data };
};

export const CreateOTAModule: Action = async (parameters, { catalog, ota }) => {
  const productKey = parameters.productKey();
  catalog.require(productKey);
  await ota.modules.create(productKey, parameters.text("ModuleName"), moduleText(parameters));
  return {};
};

export const UpdateOTAModule: Action = async (parameters, { catalog, ota }) => {
  const productKey = parameters.productKey();
  catalog.require(productKey);
  await ota.modules.update(productKey, parameters.text("ModuleName"), moduleText(parameters));
  return {};
};

export const DeleteOTAModule: Action = async (parameters, { catalog, ota }) => {
  const productKey = parameters.productKey();
  catalog.require(productKey);
  await ota.modules.delete(productKey, parameters.text("ModuleName"));
  return {};
};

export const ListOTAModuleVersionsByDevice: Action = async (parameters, { devices, versions }) => {
  const device = await parameters.device(devices);
  const modules = (await versions.list(device)).filter(({ version }) => version !== undefined);
  const { shown, members } = paged(modules, parameters.page());
  const SimpleOTAModuleInfo = shown.map(({ module, version }) => ({
    ProductKey: device.productKey,
    DeviceName: device.deviceName,
    IotId: device.iotId,
    ModuleName: module,
    ModuleVersion: version,
  }));
  return { ...members, Data: { SimpleOTAModuleInfo } };
};

function moduleText(parameters: Parameters) {
  return { alias: parameters.optional("AliasName"), description: parameters.optional("Desc") };
}
