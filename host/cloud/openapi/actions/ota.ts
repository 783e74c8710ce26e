/**
 * Actions on updates: the modules that devices have reported, and their versions.
 * @module
 */
import { DEFAULT_MODULE } from "../../ota/reports.ts";
import type { Action } from "../action.ts";

export const ListOTAModuleByProduct: Action = async (parameters, { catalog, versions }) => {
  const productKey = parameters.productKey();
  catalog.require(productKey);
  const names = new Set([DEFAULT_MODULE, ...(await versions.modulesOf(productKey))]);
  const Data = [...names].map((ModuleName) => ({
    ModuleName,
    AliasName: ModuleName,
    ProductKey: productKey,
    Desc: "",
  }));
  return { Data };
};

export const ListOTAModuleVersionsByDevice: Action = async (parameters, { devices, versions }) => {
  const device = await parameters.device(devices);
  const pageSize = parameters.integer("PageSize", { min: 1, max: 100, preset: 10 });
  const page = parameters.integer("CurrentPage", { min: 1, max: 1e6, preset: 1 });
  const modules = (await versions.list(device)).filter(({ version }) => version !== undefined);
  const shown = modules.slice((page - 1) * pageSize, page * pageSize);
  const SimpleOTAModuleInfo = shown.map(({ module, version }) => ({
    ProductKey: device.productKey,
    DeviceName: device.deviceName,
    IotId: device.iotId,
    ModuleName: module,
    ModuleVersion: version,
  }));
  return {
    Total: modules.length,
    CurrentPage: page,
    PageSize: pageSize,
    PageCount: Math.ceil(modules.length / pageSize),
    Data: { SimpleOTAModuleInfo },
  };
};
