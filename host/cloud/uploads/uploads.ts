/**
 * Uploads of files over MQTT: devices announce one (`init`), send it block by block and may cancel
 * it (help.aliyun.com/document_detail/354836.html).
 * @module
 */
import {
  DEVICE_FILE_MAX_BYTES,
  DEVICE_FILES_MAX,
  DEVICE_FILES_MAX_BYTES,
  DEVICE_FILES_QUOTA_CODE,
} from "../defaults.ts";
import type { DeviceId } from "../device-id.ts";
import type { Outcome, Router, UpMessage } from "../router.ts";
import type { DeviceFileRecord, DeviceFiles } from "../store/device-files.ts";
import { isObject, makeReply } from "../thing/alink.ts";
import { type Answer, offerRequest } from "../thing/request.ts";
import { UploadCode, UploadRefusal } from "./codes.ts";
import { crc64 } from "./crc64.ts";
import {
  type BlockRequest,
  checkBlock,
  type InitRequest,
  parseBlock,
  parseInit,
  tooLarge,
  wrong,
} from "./request.ts";

const TOPIC = "/sys/{own}/thing/file/upload/mqtt";

export class Uploads {
  readonly #files: DeviceFiles;

  constructor(router: Router, files: DeviceFiles) {
    this.#files = files;
    offerRequest(router, `${TOPIC}/init`, (params, { device }) => this.#init(device, params));
    router.route(`${TOPIC}/send`, (message) => this.#send(message));
    offerRequest(router, `${TOPIC}/cancel`, (params, { device }) => this.#cancel(device, params));
  }

  async #init(device: DeviceId, params: unknown): Promise<Answer> {
    const { fileName } = isObject(params) ? params : {};
    return answered({ fileName }, async () => {
      const request = parseInit(params);
      const { file, resumed } = await this.#begin(device, request);
      const { ficValue } = file;
      return {
        fileName,
        fileSize: file.size,
        uploadId: file.fileId,
        ...(resumed ? { offset: this.#files.received(file) } : {}),
        ...(ficValue === undefined ? {} : { ficMode: "crc64", ficValue }),
      };
    });
  }

  /** The file that is to be filled: a new one, or one that goes on. */
  async #begin(
    device: DeviceId,
    request: InitRequest,
  ): Promise<{ file: DeviceFileRecord; resumed: boolean }> {
    const { fileName, fileSize, conflictStrategy, ficValue, initUid } = request;
    const all = await this.#files.ofDevice(device);
    const same = all.filter(({ name }) => name === fileName);
    const open = same.find(({ complete }) => !complete);
    // A repetition: the answer was lost.
    if (open?.initUid !== undefined && open.initUid === initUid) {
      return { file: open, resumed: conflictStrategy === "append" };
    }
    if (conflictStrategy !== "overwrite" && same.some(({ complete }) => complete)) {
      throw new UploadRefusal(UploadCode.fileExists, `a file ${fileName} exists`);
    }
    if (conflictStrategy === "append" && open) {
      if (fileSize >= 0 && fileSize <= this.#files.received(open)) {
        throw wrong(`${this.#files.received(open)} bytes are there, fileSize is ${fileSize}`);
      }
      const { ficValue: _, ...rest } = open;
      const fic = ficValue === undefined ? {} : { ficValue };
      const uid = initUid === undefined ? {} : { initUid };
      const file = { ...rest, size: fileSize, ...fic, ...uid };
      await this.#files.change(file);
      return { file, resumed: true };
    }
    // Not "complete ones only": an upload that was given up gives way as well.
    for (const file of same) await this.#files.delete(file);
    this.#checkQuota(all.length - same.length, fileSize);
    const { productKey, deviceName } = device;
    const fic = ficValue === undefined ? {} : { ficValue };
    const uid = initUid === undefined ? {} : { initUid };
    const file = { productKey, deviceName, name: fileName, size: fileSize, ...fic, ...uid };
    return { file: await this.#files.create(file), resumed: false };
  }

  #checkQuota(count: number, fileSize: number): void {
    if (count >= DEVICE_FILES_MAX) {
      const text = `the device has ${DEVICE_FILES_MAX} files, more are not kept`;
      throw new UploadRefusal(DEVICE_FILES_QUOTA_CODE, text);
    }
    if (this.#files.totalBytes() + Math.max(fileSize, 0) > DEVICE_FILES_MAX_BYTES) {
      const text = "the platform's room for files, 1 GB, is full";
      throw new UploadRefusal(DEVICE_FILES_QUOTA_CODE, text);
    }
  }

  async #send({ device, topic, payload }: UpMessage): Promise<Outcome> {
    let request: BlockRequest | undefined;
    const { code, data, text } = await answered({}, async () => {
      request = parseBlock(payload);
      return this.#take(device, request);
    });
    const { uploadId, offset, bSize } = request ?? {};
    const all = { uploadId, offset, bSize, ...(data as object) };
    const reply = makeReply({ id: request?.id ?? "", method: undefined }, code, all, text);
    return {
      code,
      note: text ?? `${bSize} bytes from ${offset}`,
      reply: { topic: `${topic}_reply`, payload: reply },
    };
  }

  /** Takes a block; gives what the answer has besides the block's place. */
  async #take(device: DeviceId, request: BlockRequest): Promise<Record<string, unknown>> {
    const { offset, bSize, isComplete } = request;
    const file = await this.#require(device, request.uploadId);
    if (file.complete) throw new UploadRefusal(UploadCode.finished, "the upload is complete");
    const received = this.#files.received(file);
    const end = offset + bSize;
    const unknown = file.size < 0;
    const block = checkBlock(request, unknown ? isComplete : end >= file.size);
    if (end <= received && bSize > 0) {
      throw new UploadRefusal(UploadCode.duplicate, `${received} bytes are there already`);
    }
    if (offset !== received) {
      const text = `the block begins at ${offset}, but ${received} bytes are there`;
      throw new UploadRefusal(UploadCode.offset, text);
    }
    if (!unknown && end > file.size) {
      throw wrong(`the block ends at ${end}, but fileSize is ${file.size}`);
    }
    if (end > DEVICE_FILE_MAX_BYTES) {
      await this.#files.delete(file);
      throw tooLarge();
    }
    await this.#files.append(file, block);
    const complete = unknown ? isComplete : end === file.size;
    return complete ? this.#finish(file) : {};
  }

  async #finish(file: DeviceFileRecord): Promise<Record<string, unknown>> {
    if (this.#files.received(file) === 0) {
      await this.#files.delete(file);
      throw wrong("the file has no bytes");
    }
    if (file.ficValue === undefined) {
      await this.#files.complete(file);
      return { complete: true };
    }
    const ficValueServer = crc64(await this.#files.read(file));
    const fic = { ficMode: "crc64", ficValueClient: file.ficValue, ficValueServer };
    if (ficValueServer !== file.ficValue.toLowerCase()) {
      await this.#files.delete(file);
      const text = `the file's CRC-64 is ${ficValueServer}, ficValue is ${file.ficValue}`;
      throw new UploadRefusal(UploadCode.fileCheck, text);
    }
    await this.#files.complete(file);
    return { complete: true, ...fic };
  }

  async #cancel(device: DeviceId, params: unknown): Promise<Answer> {
    const { uploadId } = isObject(params) ? params : {};
    return answered({ uploadId }, async () => {
      if (typeof uploadId !== "string") throw wrong("uploadId has to be a text");
      const file = await this.#require(device, uploadId);
      if (file.complete) throw new UploadRefusal(UploadCode.finished, "the upload is complete");
      await this.#files.delete(file);
      return { uploadId };
    });
  }

  async #require(device: DeviceId, uploadId: string): Promise<DeviceFileRecord> {
    const file = await this.#files.get(uploadId);
    const own = file?.productKey === device.productKey && file.deviceName === device.deviceName;
    if (file && own) return file;
    throw new UploadRefusal(UploadCode.noUpload, "there is no such upload, or no longer");
  }
}

/** Turns refusals into answers. @param known what the answer to a refusal has as `data` */
async function answered(
  known: Record<string, unknown>,
  work: () => Promise<Record<string, unknown>>,
): Promise<Answer> {
  try {
    return { code: UploadCode.success, data: await work() };
  } catch (error) {
    if (!(error instanceof UploadRefusal)) throw error;
    return { code: error.code, text: error.message, data: known };
  }
}
