/**
 * What a device is told about a package, in a push and in the answer to its request
 * (help.aliyun.com/document_detail/85700.html; spellings as Link SDK C 4 reads them).
 * @module
 */
import {
  DEFAULT_MODULE,
  type FirmwareRecord,
  type JobRecord,
  type PackageFile,
} from "../store/ota-records.ts";
import type { Faults } from "./faults.ts";

/** Number of the file in an MQTT download: there is only one. */
export const STREAM_FILE_ID = 1;

/** @param address gives a fresh address of a file. */
export function announcement(
  firmware: FirmwareRecord,
  job: JobRecord,
  address: (file: PackageFile) => string,
  faults: Faults,
): Record<string, unknown> {
  const { version, module, diff, signMethod, files, streamId } = firmware;
  const common = {
    version,
    isDiff: diff ? 1 : 0,
    signMethod: signMethod === "MD5" ? "Md5" : "Sha256",
    ...(module === DEFAULT_MODULE ? {} : { module }),
    ...extension(firmware, job),
  };
  const [file] = files as [PackageFile];
  const digest = {
    sign: file.sign,
    ...(signMethod === "MD5" ? { md5: file.md5 } : {}),
  };
  const stream = { dProtocol: "mqtt", streamId, streamFileId: STREAM_FILE_ID };
  const form =
    job.protocol === "MQTT"
      ? { size: file.size, ...digest, ...stream }
      : files.length === 1
        ? { size: file.size, url: address(file), ...digest }
        : { files: files.map((each) => describeFile(each, address)) };
  return { ...form, ...common, ...faults.data };
}

function describeFile(file: PackageFile, address: (file: PackageFile) => string) {
  const { name, size, md5, sign } = file;
  return {
    fileName: name,
    fileSize: size,
    fileUrl: address(file),
    fileMd5: md5,
    fileSign: sign,
  };
}

/** The job's tags and the package's own text. */
function extension({ udi }: FirmwareRecord, { tags }: JobRecord): { extData?: object } {
  if (tags.length === 0 && udi === undefined) return {};
  const pairs = tags.map(({ key, value }) => [key, value]);
  const own = udi === undefined ? {} : { _package_udi: udi };
  return { extData: { ...Object.fromEntries(pairs), ...own } };
}
