/**
 * An upload's conversation with the platform: what is repeated, continued and given up.
 * @module
 */
import "../device-globals.ts";
import assert from "node:assert/strict";
import test, { afterEach, beforeEach, mock } from "node:test";
import { openSource, type UploadSource } from "../../src/ali/services/upload-source.ts";
import { Transfer } from "../../src/ali/services/upload-transfer.ts";
import { setLogLevel } from "../../src/debug/log.ts";

setLogLevel("off");
const BYTES = Array.from({ length: 600 }, (_, n) => String.fromCharCode(n & 255)).join("");

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

interface Sent {
  kind: string;
  params: Record<string, unknown>;
  block: string;
}

/** An upload with everything that it sends. */
class Play {
  readonly sent: Sent[] = [];
  readonly progress: number[] = [];
  end: { code: number; message: string } | undefined;
  readonly transfer: Transfer;
  private ids = 0;

  constructor(source: UploadSource, conflict = "overwrite", fic = "") {
    const owner = {
      send: (kind: string, payload: string) => this.take(kind, payload),
      newId: () => String(++this.ids),
      progressed: (sent: number) => this.progress.push(sent),
      ended: (code: number, message: string) => {
        assert.equal(this.end, undefined, "ends once");
        this.end = { code, message };
      },
    };
    this.transfer = new Transfer(owner, "a.log", openSource(source), conflict, fic, 256);
  }

  start(isOnline = true, check = false): this {
    this.transfer.start(isOnline, check);
    return this.tick();
  }

  /** Lets time pass, and with it what is due at once. */
  tick(ms = 0): this {
    mock.timers.tick(ms);
    return this;
  }

  /** Answers the last request. */
  answer(code: number, data: object = {}, message = "text"): this {
    const { kind, params } = this.sent.at(-1) as Sent;
    const { uploadId, offset, bSize } = params;
    const known = kind === "init" ? { fileName: "a.log" } : { uploadId, offset, bSize };
    const reply = { id: "1", code, message, data: { ...known, ...data } };
    this.transfer.accept(kind, JSON.stringify(reply));
    return this.tick();
  }

  private take(kind: string, payload: string): void {
    if (kind !== "send") {
      this.sent.push({ kind, params: JSON.parse(payload).params, block: "" });
      return;
    }
    const end = 2 + payload.charCodeAt(0) * 256 + payload.charCodeAt(1);
    const { params } = JSON.parse(payload.slice(2, end));
    this.sent.push({ kind, params, block: payload.slice(end, -2) });
  }
}

function describe({ kind, params }: Sent): string {
  if (kind === "init") return `init ${params.conflictStrategy}`;
  return kind === "send" ? `send ${params.offset}+${params.bSize}` : kind;
}

const all = (play: Play) => play.sent.map(describe);

test("a file goes up in blocks", () => {
  const play = new Play(BYTES).start();
  const { fileName, fileSize, conflictStrategy } = play.sent[0]?.params ?? {};
  assert.deepEqual([fileName, fileSize, conflictStrategy], ["a.log", 600, "overwrite"]);
  play.answer(200, { uploadId: "u" }).answer(200).answer(200).answer(200, { complete: true });
  assert.deepEqual(all(play), ["init overwrite", "send 0+256", "send 256+256", "send 512+88"]);
  assert.equal(play.sent.map(({ block }) => block).join(""), BYTES);
  assert.deepEqual(play.progress, [256, 512, 600]);
  assert.deepEqual(play.end, { code: 200, message: "text" });
  assert.equal(play.tick(60_000).sent.length, 4, "nothing more");
});

test("an upload of before is continued where the platform stands", () => {
  const play = new Play(BYTES, "append").start();
  play.answer(200, { uploadId: "u", offset: 512 }).answer(200, { complete: true });
  assert.deepEqual(all(play), ["init append", "send 512+88"]);
  assert.equal(play.end?.code, 200);
});

test("what is not answered is sent again, five times in all", () => {
  const play = new Play(BYTES).start();
  play.tick(10_000).answer(200, { uploadId: "u" });
  for (let n = 0; n < 5; n++) {
    assert.equal(play.end, undefined);
    play.tick(10_000);
  }
  const blocks = all(play).filter((text) => text === "send 0+256");
  assert.equal(blocks.length, 5);
  assert.deepEqual(play.end, { code: 32, message: "no answer at 0, tried 5 times" });
});

test("late and strange answers change nothing", () => {
  const play = new Play(BYTES).start();
  const { transfer } = play;
  const init = (fileName: string) =>
    JSON.stringify({ code: 200, data: { fileName, uploadId: "x" } });
  transfer.accept("init", init("other.log"));
  transfer.accept("init", "{");
  transfer.accept("send", JSON.stringify({ code: 200, data: { uploadId: "u", offset: 0 } }));
  play.tick();
  assert.deepEqual(all(play), ["init overwrite"]);
  play.answer(200, { uploadId: "u" });
  const late = (uploadId: string, offset: number) =>
    transfer.accept("send", JSON.stringify({ code: 200, data: { uploadId, offset } }));
  late("old", 0);
  late("u", 256);
  transfer.accept("init", init("a.log"));
  play.tick();
  assert.deepEqual(all(play), ["init overwrite", "send 0+256"]);
});

test("a damaged block and a busy platform are tried again", () => {
  const play = new Play(BYTES).start().answer(200, { uploadId: "u" });
  play.answer(78121).answer(429).answer(500);
  assert.deepEqual(all(play).slice(1), ["send 0+256", "send 0+256"], "the busy one gets time");
  play.tick(10_000).answer(200);
  assert.deepEqual(all(play).slice(1), ["send 0+256", "send 0+256", "send 0+256", "send 256+256"]);
  for (let n = 0; n < 5; n++) play.answer(78121, {}, "CRC");
  assert.deepEqual(play.end, { code: 78121, message: "CRC at 256, tried 5 times" });
});

test("where both sides differ, the platform is asked, but not for ever", () => {
  const play = new Play(BYTES).start().answer(200, { uploadId: "u" });
  play.answer(78119).answer(200, { uploadId: "u", offset: 256 });
  assert.deepEqual(all(play), ["init overwrite", "send 0+256", "init append", "send 256+256"]);
  play.answer(78122).answer(200, { uploadId: "v" });
  assert.deepEqual(all(play).slice(4), ["init append", "send 0+256"]);
  play.answer(78122, {}, "gone");
  assert.deepEqual(play.end, { code: 78122, message: "gone" });
});

test("refusals end it with the platform's words", () => {
  const play = new Play(BYTES, "reject").start().answer(78123, {}, "it exists");
  assert.deepEqual(play.end, { code: 78123, message: "it exists" });
  const other = new Play(BYTES).start().answer(200, { uploadId: "u" });
  other.answer(78125, {}, "wrong CRC");
  assert.deepEqual(other.end, { code: 78125, message: "wrong CRC" });
});

test("a lost connection is waited for, and asked about afterwards", () => {
  const play = new Play(BYTES).start(false).tick(60_000);
  assert.deepEqual(all(play), [], "offline from the start");
  play.transfer.online();
  play.tick().answer(200, { uploadId: "u" });
  play.transfer.offline();
  play.tick(600_000);
  assert.deepEqual(all(play), ["init overwrite", "send 0+256"]);
  play.transfer.online();
  play.tick().answer(200, { uploadId: "u", offset: 256 }).answer(200);
  assert.deepEqual(all(play).slice(2), ["init append", "send 256+256", "send 512+88"]);
  // Of the last block the answer alone may be lost.
  play.transfer.offline();
  play.transfer.online();
  play.tick().answer(78124);
  assert.deepEqual(all(play).slice(5), ["send 512+88"]);
  assert.equal(play.end?.code, 200);
});

test("a source of unknown size ends with its first short block", () => {
  const source = { size: -1, read: (at: number, length: number) => BYTES.substr(at, length) };
  const play = new Play(source).start().answer(200, { uploadId: "u" });
  play.answer(200).answer(200);
  const flags = play.sent.map(({ params }) => params.isComplete);
  assert.deepEqual(flags, [undefined, false, false, true]);
  assert.equal(play.sent[0]?.params.fileSize, -1);
  play.answer(200);
  assert.equal(play.end?.code, 200);
  const even = {
    size: -1,
    read: (at: number, length: number) => BYTES.slice(0, 512).substr(at, length),
  };
  const other = new Play(even).start().answer(200, { uploadId: "u" });
  assert.deepEqual(all(other.answer(200).answer(200)).slice(1), [
    "send 0+256",
    "send 256+256",
    "send 512+0",
  ]);
});

test("a source that fails ends it, and the platform forgets the upload", () => {
  const read = (at: number, length: number) => {
    if (at > 0) throw new Error("the disk is gone");
    return BYTES.substr(at, length);
  };
  const play = new Play({ size: 600, read }).start().answer(200, { uploadId: "u" });
  play.answer(200);
  assert.deepEqual(play.end, { code: 42, message: "the source failed at 256: the disk is gone" });
  assert.deepEqual(play.sent.at(-1)?.kind, "cancel");
  assert.deepEqual(play.sent.at(-1)?.params, { uploadId: "u" });
  const short = { size: 600, read: () => "abc" };
  const other = new Play(short).start().answer(200, { uploadId: "u" });
  assert.equal(other.end?.message, "the source gave 3 bytes at 0, asked for 256");
});

test("the CRC-64 goes along, computed or given", () => {
  const play = new Play("123456789").start(true, true);
  for (let n = 0; n < 3; n++) play.tick(1);
  const { ficMode, ficValue } = play.sent[0]?.params ?? {};
  assert.deepEqual([ficMode, ficValue], ["crc64", "995dc9bbdf1939fa"]);
  const given = new Play(BYTES, "overwrite", "0123456789abcdef").start();
  assert.equal(given.sent[0]?.params.ficValue, "0123456789abcdef");
});

test("sources are looked at before anything is sent", () => {
  assert.throws(() => openSource({ file: "x" }), /Storage not found|no file/);
  assert.throws(() => openSource(7 as never), /a text, \{ file \} or/);
  assert.throws(() => openSource(undefined as never), /a text/);
});
