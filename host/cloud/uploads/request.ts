/**
 * What devices ask for: the parameters of `init` and the frame of a block
 * (help.aliyun.com/document_detail/354836.html).
 * @module
 */
import {
  BLOCK_MAX_BYTES,
  BLOCK_MIN_BYTES,
  DEVICE_FILE_MAX_BYTES,
  DEVICE_FILE_NAME_MAX_BYTES,
} from "../defaults.ts";
import { crc16 } from "../ota/crc16.ts";
import { isObject } from "../thing/alink.ts";
import { UploadCode, UploadRefusal } from "./codes.ts";

const STRATEGIES = ["overwrite", "append", "reject"] as const;

/** What becomes of a file of the same name. */
export type ConflictStrategy = (typeof STRATEGIES)[number];

export interface InitRequest {
  fileName: string;
  /** Bytes; -1: unknown. */
  fileSize: number;
  conflictStrategy: ConflictStrategy;
  /** CRC-64 of the whole file, hexadecimal. */
  ficValue?: string;
  /** The same in repetitions of one request. */
  initUid?: string;
}

export interface BlockRequest {
  id: string | number;
  uploadId: string;
  offset: number;
  bSize: number;
  /** The last block of a file whose size was unknown. */
  isComplete: boolean;
  bytes: Buffer;
}

/** @throws UploadRefusal that says which parameter is wrong. */
export function parseInit(params: unknown): InitRequest {
  if (!isObject(params)) throw wrong("params has to be an object");
  const { fileName, fileSize, conflictStrategy = "overwrite", initUid, extraParams } = params;
  if (typeof fileName !== "string" || !/^[A-Za-z0-9][A-Za-z0-9_.]*$/.test(fileName)) {
    throw wrong("fileName has to be letters, digits, _ and ., a letter or digit first");
  }
  if (fileName.length > DEVICE_FILE_NAME_MAX_BYTES) {
    throw wrong(`fileName has more than ${DEVICE_FILE_NAME_MAX_BYTES} bytes`);
  }
  if (typeof fileSize !== "number" || !Number.isInteger(fileSize) || fileSize < -1 || !fileSize) {
    throw wrong("fileSize has to be a number of bytes, or -1 when it is unknown");
  }
  if (fileSize > DEVICE_FILE_MAX_BYTES) throw tooLarge();
  const strategy = STRATEGIES.find((each) => each === conflictStrategy);
  if (!strategy) throw wrong(`conflictStrategy has to be one of ${STRATEGIES.join(", ")}`);
  if (initUid !== undefined && typeof initUid !== "string") throw wrong("initUid has to be a text");
  if (isObject(extraParams) && (extraParams.ossOwnerType ?? "iot-platform") !== "iot-platform") {
    throw wrong("ossOwnerType has to be iot-platform: no other storage is offered here");
  }
  return {
    fileName,
    fileSize,
    conflictStrategy: strategy,
    ...(initUid ? { initUid } : {}),
    ...integrity(params, fileSize),
  };
}

function integrity(
  { ficMode, ficValue }: Record<string, unknown>,
  fileSize: number,
): { ficValue?: string } {
  if (ficMode === undefined && ficValue === undefined) return {};
  if (ficMode !== "crc64") throw wrong("ficMode has to be crc64");
  if (typeof ficValue !== "string" || !/^[0-9A-Fa-f]{16}$/.test(ficValue)) {
    throw wrong("ficValue has to be 16 hexadecimal digits");
  }
  if (fileSize < 0) throw wrong("ficMode is not for a file of unknown size");
  return { ficValue };
}

/**
 * Reads a block: 2 bytes length of the header, the header as JSON, the bytes, their CRC-16 with the
 * low byte first.
 * @throws UploadRefusal when the frame is not understood; blocks are checked by `checkBlock`.
 */
export function parseBlock(payload: Buffer): BlockRequest {
  const end = payload.length < 2 ? Number.NaN : 2 + payload.readUInt16BE(0);
  if (!(end + 2 <= payload.length)) throw unreadable("the frame is too short");
  const header = parseHeader(payload.subarray(2, end));
  const params = header?.params;
  if (!header || !isObject(params)) throw unreadable("the header is no JSON object with params");
  const { uploadId, offset, bSize, isComplete } = params;
  const id = typeof header.id === "number" ? header.id : String(header.id ?? "");
  if (typeof uploadId !== "string") throw wrong("uploadId has to be a text");
  if (!isCount(offset) || !isCount(bSize)) throw wrong("offset and bSize have to be numbers");
  const complete = isComplete === true || isComplete === "true";
  return { id, uploadId, offset, bSize, isComplete: complete, bytes: payload.subarray(end) };
}

/**
 * The block's bytes.
 * @param last whether a block of any size will do
 * @throws UploadRefusal
 */
export function checkBlock({ bSize, bytes }: BlockRequest, last: boolean): Buffer {
  const size = bytes.length - 2;
  if (size !== bSize) throw unreadable(`${size} bytes came, ${bSize} are announced`);
  if (size > BLOCK_MAX_BYTES) {
    const text = `the block has more than ${BLOCK_MAX_BYTES} bytes`;
    throw new UploadRefusal(UploadCode.blockTooLarge, text);
  }
  if (size < BLOCK_MIN_BYTES && !last) {
    const text = `the block has less than ${BLOCK_MIN_BYTES} bytes and is not the last one`;
    throw new UploadRefusal(UploadCode.blockTooSmall, text);
  }
  const block = bytes.subarray(0, size);
  if (bytes.readUInt16LE(size) === crc16(block)) return block;
  throw new UploadRefusal(UploadCode.blockCrc, "the block's CRC-16 is wrong");
}

export function tooLarge(): UploadRefusal {
  const text = "the file has more than 16 MB";
  return new UploadRefusal(UploadCode.fileTooLarge, text);
}

export function wrong(text: string): UploadRefusal {
  return new UploadRefusal(UploadCode.parameter, text);
}

function unreadable(text: string): UploadRefusal {
  return new UploadRefusal(UploadCode.payload, text);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

function parseHeader(json: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json.toString("utf8"));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
