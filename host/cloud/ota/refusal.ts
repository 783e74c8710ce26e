/**
 * Errors of the operations on updates.
 * @module
 */
import { CloudError } from "../errors.ts";
import type { Problem } from "../problems.ts";

/**
 * Codes of the OpenAPI. Unconfirmed: Alibaba's list of codes (page 87387) was not at hand for
 * updates; those of parameters are the ones used elsewhere.
 */
const CODES = {
  parameter: "iot.common.InvalidFormattedParameter",
  noFirmware: "iot.ota.FirmwareNotExist",
  sameFirmware: "iot.ota.FirmwareNameAlreadyExist",
  tooMany: "iot.ota.QuotaExceeded",
  noFile: "iot.ota.FirmwareFileNotExist",
  wrongFile: "iot.ota.FirmwareFileMismatch",
  inUse: "iot.ota.FirmwareInUse",
  notVerified: "iot.ota.FirmwareNotVerified",
  noModule: "iot.ota.ModuleNotExist",
  sameModule: "iot.ota.ModuleAlreadyExist",
  moduleInUse: "iot.ota.ModuleInUse",
  noJob: "iot.ota.JobNotExist",
  sameJob: "iot.ota.DynamicJobAlreadyExist",
  wrongJob: "iot.ota.JobTypeNotSupported",
  noDevice: "iot.device.NotExistedDevice",
  noTask: "iot.ota.TaskNotExist",
} as const;

export type OtaRefusal = keyof typeof CODES;

export function refusal(kind: OtaRefusal, text: string, problem?: Problem): CloudError {
  return new CloudError(CODES[kind], text, problem);
}

/** Versions and modules: letters, digits and `. - _`, 1 to 64 characters. */
export const OTA_NAME = /^[A-Za-z0-9._-]{1,64}$/;
