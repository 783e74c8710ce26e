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
  /** Lower-case hex of the package's sign method. */
  digest: string;
}

export interface OtaPackage {
  /** `"default"` where the platform names none. */
  module: string;
  version: string;
  /** Whether the digests are MD5; else they are SHA-256. */
  md5: boolean;
  files: PackageFile[];
  /** Bytes of all files. */
  size: number;
  /** For a download over MQTT (`thing/file/download`). */
  stream: { streamId: number; fileId: number } | undefined;
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

function readFile(name: any, url: any, size: any, digest: any, md5: boolean): PackageFile {
  const length = md5 ? 32 : 64;
  const what = 'file "' + name + '": ';
  if (typeof name !== "string" || !name) throw new Error("a file has no name");
  if (!(size > 0) || Math.floor(size) !== size) {
    throw new Error(what + "the size is " + size + ", a number of bytes is expected");
  }
  if (typeof digest !== "string" || digest.length !== length) {
    throw new Error(what + "the digest must have " + length + " hex digits");
  }
  return { name: name, url: url, size: size, digest: digest.toLowerCase() };
}

function checkAddress(url: any, name: string): void {
  if (typeof url !== "string" || !(url.startsWith("http://") || url.startsWith("https://"))) {
    throw new Error('file "' + name + '": the address is not one of http or https');
  }
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
 * files. Throws an Error with what was wrong and what was expected.
 */
export function readPackage(message: any): OtaPackage {
  const data = dataOf(message);
  if (!data || typeof data.version !== "string" || !data.version) {
    throw new Error("the package has no version");
  }
  if (+data.isDiff) throw new Error("a differential package: a full one is expected");
  const md5 = isMd5(data);
  const files: PackageFile[] = [];
  let stream: { streamId: number; fileId: number } | undefined;
  if (Array.isArray(data.files)) {
    if (data.files.length === 0 || data.files.length > MOST_FILES) {
      throw new Error(data.files.length + " files: 1 to " + MOST_FILES + " are expected");
    }
    for (const file of data.files) {
      const digest = file.fileSign || (md5 ? file.fileMd5 : undefined);
      files.push(readFile(file.fileName, file.fileUrl, file.fileSize, digest, md5));
      checkAddress(file.fileUrl, file.fileName);
    }
  } else {
    const overMqtt = data.dProtocol === "mqtt";
    const digest = data.sign || (md5 ? data.md5 : undefined);
    files.push(readFile("main.js", overMqtt ? "" : data.url, data.size, digest, md5));
    if (!overMqtt) checkAddress(data.url, "main.js");
    else if (data.streamId === undefined || data.streamFileId === undefined) {
      throw new Error("a download over MQTT needs streamId and streamFileId");
    } else stream = { streamId: data.streamId, fileId: data.streamFileId };
  }
  let size = 0;
  for (const file of files) size += file.size;
  return {
    module: packageName(data).module,
    version: data.version,
    md5: md5,
    files: files,
    size: size,
    stream: stream,
  };
}
