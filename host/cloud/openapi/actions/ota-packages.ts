/**
 * Actions on packages: uploading, creating, listing.
 * @module
 */
import { FILE_SUFFIXES } from "../../defaults.ts";
import { refusal } from "../../ota/refusal.ts";
import type { OtaPlatform } from "../../ota/start.ts";
import { DEFAULT_MODULE, type FirmwareRecord, type SignMethod } from "../../store/ota-records.ts";
import type { Action } from "../action.ts";
import { paged } from "../pages.ts";
import type { Parameters } from "../parameters.ts";
import { utc } from "../times.ts";

export const GenerateOTAUploadURL: Action = async (parameters, { ota, callerHost }) => {
  const suffix = parameters.word("FileSuffix", FILE_SUFFIXES, "bin");
  const { form, site } = ota.permit(suffix, callerHost);
  return {
    Data: {
      Host: site,
      Key: form.key,
      Policy: form.policy,
      OSSAccessKeyId: form.OSSAccessKeyId,
      Signature: form.signature,
      FirmwareUrl: `${site}/${form.key}`,
      ObjectStorage: "OSS",
      UtcCreate: utc(Date.now()),
    },
  };
};

export const CreateOTAFirmware: Action = async (parameters, { catalog, ota }) => {
  const productKey = parameters.productKey();
  catalog.require(productKey);
  const module = parameters.optional("ModuleName") ?? DEFAULT_MODULE;
  await ota.modules.require(productKey, module);
  const { firmwareId, createdAt } = await ota.packages.create({
    productKey,
    module,
    version: parameters.text("DestVersion"),
    name: parameters.text("FirmwareName"),
    files: uploadedFiles(parameters, ota),
    signMethod: parameters.word<SignMethod>("SignMethod", ["MD5", "SHA256"], "MD5"),
    diff: parameters.choice("Type", [0, 1]) === 1,
    srcVersion: parameters.optional("SrcVersion"),
    description: parameters.optional("FirmwareDesc"),
    udi: parameters.optional("Udi"),
    needToVerify: parameters.boolean("NeedToVerify", true),
  });
  return { Data: { FirmwareId: firmwareId, UtcCreate: utc(createdAt) } };
};

export const DeleteOTAFirmware: Action = async (parameters, { ota }) => {
  const firmwareId = parameters.text("FirmwareId");
  const waiting = ota.tasks
    .list()
    .some((task) => task.firmwareId === firmwareId && ota.updates.offer(task, task.module));
  if (waiting) throw refusal("inUse", `package ${firmwareId} has unfinished tasks`);
  await ota.packages.delete(firmwareId);
  return {};
};

export const ListOTAFirmware: Action = async (parameters, { catalog, ota }) => {
  const productKey = parameters.optional("ProductKey");
  const version = parameters.optional("DestVersion");
  const wanted = ota.packages
    .list()
    .filter((firmware) => productKey === undefined || firmware.productKey === productKey)
    .filter((firmware) => version === undefined || firmware.version === version);
  const { shown, members } = paged(wanted, parameters.page());
  const SimpleFirmwareInfo = shown.map((firmware) => {
    return describe(firmware, catalog.get(firmware.productKey)?.name);
  });
  return { ...members, FirmwareInfo: { SimpleFirmwareInfo } };
};

export const QueryOTAFirmware: Action = async (parameters, { catalog, ota, callerHost }) => {
  const firmware = ota.packages.require(parameters.text("FirmwareId"));
  const [file] = firmware.files;
  const single = firmware.files.length === 1 && file;
  const FirmwareInfo = {
    ...describe(firmware, catalog.get(firmware.productKey)?.name),
    ...(firmware.udi === undefined ? {} : { Udi: firmware.udi }),
    VerifyProgress: firmware.verification === 1 ? 100 : 0,
    ...(single
      ? { FirmwareUrl: ota.addressOf(single.key, callerHost) }
      : {
          MultiFiles: firmware.files.map(({ name, size, key, md5, sign }) => ({
            Name: name,
            Size: size,
            Url: ota.addressOf(key, callerHost),
            FileMd5: md5,
            SignValue: sign,
          })),
        }),
  };
  return { FirmwareInfo };
};

/** The one file of `FirmwareUrl`, or those of `MultiFiles`. */
function uploadedFiles(parameters: Parameters, ota: OtaPlatform) {
  const listed = parameters.records("MultiFiles", ["Name", "Url", "Size", "SignValue", "FileMd5"]);
  const address = parameters.optional("FirmwareUrl");
  if (listed.length === 0 && address === undefined) parameters.text("FirmwareUrl");
  if (listed.length > 0 && address !== undefined) {
    throw refusal("parameter", "FirmwareUrl and MultiFiles exclude each other");
  }
  const size = parameters.maybeInteger("FirmwareSize", { min: 1, max: 2 ** 31 });
  const files =
    address === undefined
      ? listed.map(({ Name, Url, Size, SignValue }) => ({
          name: Name,
          address: Url,
          size: Size === "" ? undefined : Number(Size),
          sign: SignValue || undefined,
        }))
      : [{ name: "", address, size, sign: parameters.optional("FirmwareSign") }];
  return files.map(({ name, address: url, ...rest }) => {
    const key = ota.fileKeyOf(url);
    if (key === undefined) throw refusal("noFile", `"${url}" is not the address of an upload`);
    return { name: name || (key.split("/").pop() as string), key, ...rest };
  });
}

function describe(firmware: FirmwareRecord, ProductName = "") {
  const [file] = firmware.files;
  return {
    FirmwareId: firmware.firmwareId,
    FirmwareName: firmware.name,
    FirmwareDesc: firmware.description,
    ProductKey: firmware.productKey,
    ProductName,
    ModuleName: firmware.module,
    DestVersion: firmware.version,
    SrcVersion: firmware.srcVersion ?? "",
    SignMethod: firmware.signMethod,
    ...(firmware.files.length === 1 && file
      ? { FirmwareSign: file.sign, FirmwareSize: file.size }
      : {}),
    Type: firmware.diff ? 1 : 0,
    Status: firmware.verification,
    UtcCreate: utc(firmware.createdAt),
    UtcModified: utc(firmware.modifiedAt),
  };
}
