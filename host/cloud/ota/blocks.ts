/**
 * Downloads over MQTT, block by block (help.aliyun.com/document_detail/85700.html; layout as Link
 * SDK C 4 reads it): 2 bytes length of the header, the header as JSON, the block, its CRC-16 with
 * the low byte first.
 * @module
 */
import { BLOCK_ERROR, BLOCK_MAX_BYTES, BLOCK_MIN_BYTES, MQTT_FILE_MAX_BYTES } from "../defaults.ts";
import type { Outcome, Router, UpMessage } from "../router.ts";
import { isObject } from "../thing/alink.ts";
import { STREAM_FILE_ID } from "./announcement.ts";
import { crc16 } from "./crc16.ts";
import { type FaultSwitches, type Faults, spoil } from "./faults.ts";
import type { Packages } from "./packages.ts";
import type { Updates } from "./updates.ts";

interface BlockRequest {
  id: string | number;
  fileToken: unknown;
  streamId: number;
  fileId: number;
  size: number;
  offset: number;
}

export class BlockDownload {
  readonly #packages: Packages;
  readonly #updates: Updates;
  readonly #faults: FaultSwitches;

  constructor(router: Router, packages: Packages, updates: Updates, faults: FaultSwitches) {
    this.#packages = packages;
    this.#updates = updates;
    this.#faults = faults;
    router.route("/sys/{own}/thing/file/download", (message) => this.#block(message));
  }

  async #block(message: UpMessage): Promise<Outcome> {
    const topic = `${message.topic}_reply`;
    const request = parseBlockRequest(message.payload);
    const failed = (text: string, code: number = BLOCK_ERROR): Outcome => {
      const header = { id: String(request?.id ?? ""), code, msg: text };
      return { code, note: text, reply: { topic, payload: frame(header) } };
    };
    if (!request) return failed("the request is not understood");
    const { streamId, fileId, size, offset } = request;
    const firmware = this.#packages.ofStream(streamId);
    const [file] = firmware?.files ?? [];
    if (!firmware || !file || fileId !== STREAM_FILE_ID) return failed("the file does not exist");
    const offer = this.#updates.offer(message.device, firmware.module);
    if (offer?.firmware !== firmware) return failed("the device has no update with this file");
    if (file.size > MQTT_FILE_MAX_BYTES) return failed("file size has exceeded the limit 16 MB");
    if (size < BLOCK_MIN_BYTES || size > BLOCK_MAX_BYTES) {
      return failed(`fileBlock.size has to be ${BLOCK_MIN_BYTES} to ${BLOCK_MAX_BYTES}`);
    }
    if (offset >= file.size) return failed("fileBlock.offset is behind the end of the file");
    const bytes = await this.#packages.read(file);
    if (!bytes) return failed("the file is gone");
    const faults = this.#faults.take(firmware.firmwareId);
    if (faults.blockCode !== undefined) return failed("switched off", faults.blockCode);
    if (faults.blockLoss) return { code: 200, note: "block lost on purpose" };
    const block = spoil(bytes.subarray(offset, offset + size), offset, file.size, faults);
    const payload = blockFrame(request, block, file.size, faults);
    return { code: 200, note: `${block.length} bytes from ${offset}`, reply: { topic, payload } };
  }
}

/** Reads a request, also with the comma that Link SDK C 4 leaves behind `fileId`. */
export function parseBlockRequest(payload: Buffer): BlockRequest | undefined {
  let json: unknown;
  try {
    json = JSON.parse(payload.toString("utf8").replace(/,(\s*})/g, "$1"));
  } catch {
    return undefined;
  }
  const params = isObject(json) ? json.params : undefined;
  if (!isObject(json) || !isObject(params)) return undefined;
  const { fileToken, fileInfo, fileBlock } = params;
  if (!isObject(fileInfo) || !isObject(fileBlock)) return undefined;
  const [streamId, fileId] = [Number(fileInfo.streamId), Number(fileInfo.fileId)];
  const [size, offset] = [Number(fileBlock.size), Number(fileBlock.offset)];
  if (![streamId, fileId, size, offset].every((value) => Number.isInteger(value) && value >= 0)) {
    return undefined;
  }
  const id = typeof json.id === "number" ? json.id : String(json.id ?? "");
  return { id, fileToken, streamId, fileId, size, offset };
}

/** The answer that carries a block. @param fileLength bytes of the whole file. */
export function blockFrame(
  { id, fileToken, offset }: Pick<BlockRequest, "id" | "fileToken" | "offset">,
  block: Buffer,
  fileLength: number,
  faults: Faults = {},
): Buffer {
  const data = {
    ...(fileToken === undefined ? {} : { fileToken }),
    fileLength,
    bSize: block.length,
    bOffset: offset + Number(faults.blockOffset ?? 0),
  };
  const crc = Buffer.alloc(2);
  crc.writeUInt16LE(crc16(block) ^ (faults.blockCrc ? 0xffff : 0));
  const sent = block.subarray(0, block.length - Number(faults.blockShort ?? 0));
  const header = { id: String(id), code: 200, msg: "success", data };
  return Buffer.concat([frame(header), sent, crc]);
}

function frame(header: object): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(json.length);
  return Buffer.concat([length, json]);
}
