/**
 * Reads headers, and checks an image in Storage; prints what comes out.
 * @module
 */

import { md5Of } from "../../../src/digest/md5-turns.ts";
import { buildHeader, HEADER_BYTES, isSigned, parseHeader } from "../../../src/ota/image.ts";
import { checkSignature, sha256Hex } from "../../../src/ota/verify.ts";
import { hexToBytes, toHex } from "../../../src/text/hex.ts";

interface Settings {
  /** In hexadecimal. */
  headers: string[];
  image: string;
  /** The keys of each check. */
  keys: string[][];
}
const settings: Settings = global.settings;
const storage = require("Storage");
let check = 0;
let stopped = "silent";

function readHeader(hex: string): string {
  const bytes = hexToBytes(hex);
  try {
    const header = parseHeader(bytes);
    // Built anew, it is the same but for the signature.
    const same = buildHeader(header).substr(0, 768) === bytes.substr(0, 768);
    return (isSigned(bytes) ? "signed " : "unsigned ") + same + " " + JSON.stringify(header);
  } catch (error) {
    return "error " + (error as Error).message;
  }
}

function read(offset: number, length: number): string {
  return storage.read("image", offset, length) as string;
}

function nextCheck(): void {
  if (check === settings.keys.length) {
    print("stopped " + stopped);
    return;
  }
  checkSignature(read(0, HEADER_BYTES), settings.keys[check], (ok) => {
    print("signature " + check + " " + ok);
    check++;
    nextCheck();
  });
}

function start(): void {
  settings.headers.forEach((hex, index) => {
    print("header " + index + " " + readHeader(hex));
  });
  if (!settings.image) return;
  const image = hexToBytes(settings.image);
  const size = image.length - HEADER_BYTES;
  storage.write("image", image);
  print("sha256 " + sha256Hex(read(HEADER_BYTES, size)));
  md5Of(read, 0, 0, () => {
    stopped = "reported";
  }).stop();
  md5Of(read, HEADER_BYTES, size, (body) => {
    print("md5 " + body);
    md5Of(read, 0, HEADER_BYTES + size, (whole) => {
      print("md5 " + whole);
      md5Of(read, 0, 0, (nothing) => {
        print("md5 " + nothing);
        nextCheck();
      });
    });
  });
  print("bytes " + toHex(read(0, 8)));
}

start();
