/**
 * What is on the platform: packages with their newest jobs, and the versions that devices have.
 * @module
 */
import { type IotApi, iot } from "./iot-api.ts";

/** Packages shown, newest first. */
const PACKAGES = 20;

interface Place {
  productKey?: string | undefined;
  instance?: string | undefined;
}

/** One line a package: module, version, its newest job and that one's state. */
export async function listPackages(
  api: IotApi,
  { productKey, instance }: Place,
): Promise<string[]> {
  const common = instance === undefined ? {} : { iotInstanceId: instance };
  const product = productKey === undefined ? {} : { productKey };
  const request = { ...common, ...product, currentPage: 1, pageSize: PACKAGES };
  const { firmwareInfo } = await api.call("ListOTAFirmware", () =>
    api.client.listOTAFirmware(new iot.ListOTAFirmwareRequest(request)),
  );
  const lines: string[] = [];
  for (const firmware of firmwareInfo?.simpleFirmwareInfo ?? []) {
    const { firmwareId = "", moduleName = "", destVersion = "", utcCreate = "" } = firmware;
    const jobs = new iot.ListOTAJobByFirmwareRequest({
      ...common,
      firmwareId,
      currentPage: 1,
      pageSize: 1,
    });
    const { data } = await api.call("ListOTAJobByFirmware", () =>
      api.client.listOTAJobByFirmware(jobs),
    );
    const [job] = data?.simpleOTAJobInfo ?? [];
    const state = job ? `job ${job.jobId} ${job.jobStatus}` : "no job";
    lines.push(`${moduleName} ${destVersion} of ${utcCreate}: ${state}`);
  }
  return lines;
}

/** One line a module of a device. */
export async function listVersions(
  api: IotApi,
  { productKey, instance }: Place,
  deviceName: string,
): Promise<string[]> {
  const request = new iot.ListOTAModuleVersionsByDeviceRequest({
    ...(instance === undefined ? {} : { iotInstanceId: instance }),
    ...(productKey === undefined ? {} : { productKey }),
    deviceName,
    currentPage: 1,
    pageSize: 100,
  });
  const { data } = await api.call("ListOTAModuleVersionsByDevice", () =>
    api.client.listOTAModuleVersionsByDevice(request),
  );
  return (data?.simpleOTAModuleInfo ?? []).map(
    ({ moduleName, moduleVersion }) => `${deviceName} has ${moduleName} ${moduleVersion}`,
  );
}
