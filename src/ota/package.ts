/**
 * What the platform offers for installation: the push on `/ota/device/upgrade/…` and the answer on
 * `…/thing/ota/firmware/get_reply` ("OTA updates", Alink).
 * @module
 */

/** Files that one package may hold, as with Alibaba. */
const MOST_FILES = 20;
/** The file of a multi-file package that holds the image's header. */
export const HEADER_FILE = "image.header";

export interface PackageFile {
  /** The platform's `fileName`; `main.js` where a package has one nameless file. */
  name: string;
  /** Download address, query included; empty for a download over MQTT. */
  url: string;
  /** Bytes. */
  size: number;
  /** Lower-case hex: 32 digits of MD5 or 64 of SHA-256. */
  digest: string;
}

export interface OtaPackage {
  /** `"default"` where the platform names none. */
  module: string;
  version: string;
  files: PackageFile[];
  /** Bytes of all files. */
  size: number;
  /** For a download over MQTT (`thing/file/download`). */
  stream?: { streamId: number; fileId: number };
}

/** Whether a package has bare files: several, and none of them the header. */
export function isBare(pkg: OtaPackage): boolean {
  return pkg.files.length > 1 && !pkg.files.some((file) => file.name === HEADER_FILE);
}

/** Whether a message of the platform offers a package at all: `{}` is its word for none. */
export function offersPackage(message: any): boolean {
  const data = dataOf(message);
  return !!data && data.version !== undefined;
}

function dataOf(message: any): any {
  if (!message || typeof message !== "object") return undefined;
  return message.data && typeof message.data === "object" ? message.data : message;
}

/** The module and version of a package, as far as it names them: for reports about a bad one too. */
export function packageName(message: any): { module: string; version: string } {
  const data = dataOf(message) || {};
  return {
    module: typeof data.module === "string" && data.module ? data.module : "default",
    version: typeof data.version === "string" ? data.version : "",
  };
}

function isAddress(url: any): boolean {
  return typeof url === "string" && (url.startsWith("http://") || url.startsWith("https://"));
}

/** `overMqtt`: the address does not count. */
function readFile(file: any, md5: boolean, overMqtt: boolean): PackageFile {
  const name = file.fileName;
  const url = file.fileUrl;
  const size = file.fileSize;
  const digest = file.fileSign || (md5 && file.fileMd5);
  const length = md5 ? 32 : 64;
  if (typeof name !== "string" || !name) throw new Error("a file has no name");
  const what = 'file "' + name + '": ';
  if (!(size > 0) || Math.floor(size) !== size) {
    throw new Error(what + "the size is " + size + ", a number of bytes is expected");
  }
  if (typeof digest !== "string" || digest.length !== length) {
    throw new Error(what + "the digest must have " + length + " hex digits");
  }
  if (!overMqtt && !isAddress(url)) {
    throw new Error(what + "the address is not one of http or https");
  }
  return { name: name, url: overMqtt ? "" : url, size: size, digest: digest.toLowerCase() };
}

function isMd5(data: any): boolean {
  const method = data.signMethod;
  // Without a method the digest's length tells.
  if (method === undefined) return !data.sign || data.sign.length === 32;
  const name = ("" + method).toUpperCase();
  if (name !== "MD5" && name !== "SHA256") {
    throw new Error('sign method "' + method + '": MD5 or SHA256 is expected');
  }
  return name === "MD5";
}

/**
 * Reads the platform's whole message or its `data`: a single file over HTTP(S) or MQTT, or several
 * files. Throws an Error with what was wrong and what was expected. @brief
 */
export function readPackage(message: any): OtaPackage {
  const data = dataOf(message);
  if (!data || typeof data.version !== "string" || !data.version) {
    throw new Error("the package has no version");
  }
  if (+data.isDiff) throw new Error("a differential package: a full one is expected");
  const md5 = isMd5(data);
  const overMqtt = !data.files && data.dProtocol === "mqtt";
  const list = data.files || [
    {
      fileName: "main.js",
      fileUrl: data.url,
      fileSize: data.size,
      fileSign: data.sign,
      fileMd5: data.md5,
    },
  ];
  if (!(list.length > 0 && list.length <= MOST_FILES)) {
    throw new Error(list.length + " files: 1 to " + MOST_FILES + " are expected");
  }
  const files: PackageFile[] = [];
  let size = 0;
  for (const file of list) {
    files.push(readFile(file, md5, overMqtt));
    size += file.fileSize;
  }
  if (overMqtt && (data.streamId === undefined || data.streamFileId === undefined)) {
    throw new Error("a download over MQTT needs streamId and streamFileId");
  }
  const pkg: OtaPackage = {
    module: packageName(data).module,
    version: data.version,
    files: files,
    size: size,
  };
  if (overMqtt) pkg.stream = { streamId: data.streamId, fileId: data.streamFileId };
  return pkg;
}
