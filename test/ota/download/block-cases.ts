/**
 * Downloads in blocks from a platform that does wrong, and what has to become of each.
 * @module
 */
import { randomBytes } from "node:crypto";

export interface BlockRequest {
  offset: number;
  size: number;
  /** How many requests of this download came before. */
  index: number;
}

/** What the platform sends: any number of payloads, or "cut": the connection ends. */
export type BlockAnswer = Buffer[] | "cut";

export interface BlockCase {
  name: string;
  file: Buffer;
  blockBytes: number;
  serve: (request: BlockRequest, file: Buffer) => BlockAnswer;
  more?: object;
  /** The text of the failure; the download succeeds when this is missing. */
  fails?: RegExp;
  /** The offsets asked for, in order. */
  offsets?: number[];
}

/** CRC-16/ARC by its definition. */
function crcOf(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

/** A reply as Alibaba's platform forms it. */
export function reply(header: object | string, bytes?: Buffer, crc?: number): Buffer {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const head = Buffer.alloc(2);
  head.writeUInt16BE(json.length);
  if (bytes === undefined) return Buffer.concat([head, json]);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(crc ?? crcOf(bytes));
  return Buffer.concat([head, json, bytes, sum]);
}

/** The members of the right answer's header, changed as told. */
function headerOf(request: BlockRequest, file: Buffer, changed: object = {}): object {
  const bytes = file.subarray(request.offset, request.offset + request.size);
  const data = {
    fileToken: "default",
    fileLength: file.length,
    bSize: bytes.length,
    bOffset: request.offset,
    ...changed,
  };
  return { id: "1", code: 200, msg: "success", data };
}

function block(request: BlockRequest, file: Buffer): Buffer {
  const bytes = file.subarray(request.offset, request.offset + request.size);
  return reply(headerOf(request, file), bytes);
}

type Spoil = (request: BlockRequest, file: Buffer) => BlockAnswer;

const SIZE = 2500;
const SIZES = 1024;
/** As Alibaba's platform, which refuses blocks of less than 256 bytes. */
const good: Spoil = (request, file) =>
  request.size < 256
    ? [reply({ id: "1", code: 460, msg: "request parameter error" })]
    : [block(request, file)];
/** The second block's first answers go wrong, so many of them. */
const spoilt =
  (times: number, spoil: Spoil): Spoil =>
  (request, file) =>
    request.offset === SIZES && request.index <= times ? spoil(request, file) : good(request, file);

/** A fault twice is overcome, three times ends the download. */
function fault(name: string, spoil: Spoil, text: RegExp, more?: object): BlockCase[] {
  const file = randomBytes(SIZE);
  return [
    {
      name: `${name}, twice`,
      file,
      blockBytes: SIZES,
      more: more ?? {},
      serve: spoilt(2, spoil),
      offsets: [0, SIZES, SIZES, SIZES, 2 * SIZES],
    },
    {
      name: `${name}, three times`,
      file,
      blockBytes: SIZES,
      more: more ?? {},
      serve: spoilt(3, spoil),
      fails: text,
      offsets: [0, SIZES, SIZES, SIZES],
    },
  ];
}

const failed = (text: string) => new RegExp(`^block at 1024 failed 3 times: ${text}$`);
const bytesOf = ({ offset, size }: BlockRequest, file: Buffer) =>
  file.subarray(offset, offset + size);

/** Alibaba's sample, as its documents give it byte by byte. */
const sample = Buffer.from(
  "006b7b226964223a2231222c22636f6465223a3230302c226d7367223a2273756363657373222c2264617461223a7b" +
    "2266696c65546f6b656e223a2264656661756c74222c2266696c654c656e677468223a31372c226253697a65223a31" +
    "372c22624f6666736574223a307d7d48656c6c6f2c204f544120626c6f636b21709c",
  "hex",
);

/** Sizes of last blocks about the least that the platform sends. */
function lastBlocks(): BlockCase[] {
  return [1, 255, 256, 257].map((rest) => ({
    name: `a last block of ${rest} bytes`,
    file: randomBytes(SIZES + rest),
    blockBytes: SIZES,
    serve: good,
    offsets: [0, SIZES + Math.min(0, rest - 256)],
  }));
}

export const blockCases: BlockCase[] = [
  ...lastBlocks(),
  {
    name: "Alibaba's sample block",
    file: Buffer.from("Hello, OTA block!"),
    blockBytes: 5120,
    serve: () => [sample],
    offsets: [0],
  },
  ...[512, 1000, 2048, 4096].map((blockBytes) => ({
    name: `20 KB in blocks of ${blockBytes}`,
    file: randomBytes(20 << 10),
    blockBytes,
    serve: good,
    offsets: Array.from({ length: Math.ceil(20480 / blockBytes) }, (_, n) => n * blockBytes),
  })),
  {
    name: "blocks smaller than asked for",
    file: randomBytes(SIZE),
    blockBytes: 1000,
    serve: (request, file) => [block({ ...request, size: Math.min(600, request.size) }, file)],
    offsets: [0, 600, 1200, 1800, SIZE - 256],
  },
  ...fault("no answer", () => [], failed("no answer in 1 s"), { answer: 1000 }),
  ...fault(
    "wrong CRC",
    (request, file) => [reply(headerOf(request, file), bytesOf(request, file), 0x1234)],
    failed("a bad block: its CRC-16 is wrong"),
  ),
  ...fault(
    "a changed byte",
    (request, file) => {
      const bytes = block(request, file);
      bytes[400] = ~(bytes[400] as number);
      return [bytes];
    },
    failed("a bad block: its CRC-16 is wrong"),
  ),
  ...fault(
    "one byte too few",
    (request, file) => [block(request, file).subarray(0, -1)],
    failed("a bad block: 1023 bytes came, 1024 are announced"),
  ),
  ...fault(
    "one byte too many",
    (request, file) => [Buffer.concat([block(request, file), Buffer.from("x")])],
    failed("a bad block: 1025 bytes came, 1024 are announced"),
  ),
  ...fault(
    "more than asked for",
    (request, file) => [block({ ...request, size: request.size + 8 }, file)],
    failed("a bad block: 1032 bytes, asked for 1024"),
  ),
  ...fault(
    "no bytes",
    (request, file) => [block({ ...request, size: 0 }, file)],
    failed("a bad block: 0 bytes, asked for 1024"),
  ),
  ...fault(
    "a size that is no number",
    (request, file) => [reply(headerOf(request, file, { bSize: "many" }), bytesOf(request, file))],
    failed("a bad block: many bytes, asked for 1024"),
  ),
  ...fault(
    "the length of another file",
    (request, file) => [
      reply(headerOf(request, file, { fileLength: 2501 }), bytesOf(request, file)),
    ],
    failed("a bad block: the file has 2501 bytes, not 2500"),
  ),
  ...fault(
    "a header that is cut",
    (request, file) => [block(request, file).subarray(0, 50)],
    failed("a bad block: its header is cut"),
  ),
  ...fault("an empty payload", () => [Buffer.alloc(0)], failed("a bad block: its header is cut")),
  ...fault(
    "a header that is no JSON",
    (request, file) => [reply("{nothing", bytesOf(request, file))],
    failed("a bad block: its header is not what is expected"),
  ),
  ...fault(
    "a header without data",
    (request, file) => [reply({ id: "1", code: 200 }, bytesOf(request, file))],
    failed("a bad block: its header is not what is expected"),
  ),
  ...fault(
    "code 460",
    () => [reply({ id: "1", code: 460, message: "request parameter error" })],
    failed("code 460: request parameter error"),
  ),
  {
    name: "the answer to another offset, then the right one",
    file: randomBytes(SIZE),
    blockBytes: SIZES,
    serve: (request, file) => [
      block({ ...request, offset: request.offset ? 0 : SIZES }, file),
      block(request, file),
    ],
    offsets: [0, SIZES, 2 * SIZES],
  },
  {
    name: "each answer twice",
    file: randomBytes(SIZE),
    blockBytes: SIZES,
    serve: (request, file) => [block(request, file), block(request, file)],
    offsets: [0, SIZES, 2 * SIZES],
  },
  {
    name: "the connection ends in the middle",
    file: randomBytes(SIZE),
    blockBytes: SIZES,
    serve: (request, file) => (request.index === 1 ? "cut" : good(request, file)),
  },
  {
    name: "the sink goes back",
    file: randomBytes(6000),
    blockBytes: 3000,
    // To 4096, where a page of every board starts.
    more: { rewindAt: 4200 },
    serve: good,
    offsets: [0, 3000, 4096],
  },
  {
    name: "the sink refuses",
    file: randomBytes(SIZE),
    blockBytes: 800,
    more: { refuseAt: 1000 },
    serve: good,
    offsets: [0, 800],
  },
];
