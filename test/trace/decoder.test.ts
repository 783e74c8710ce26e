/**
 * Traces of a program with faults, as the virtual board and the interpreters print them, read with
 * the build's map.
 * @module
 */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import {
  createInterpreterBoard,
  createVirtualBoard,
  type PoweredBoard,
} from "../../host/board/index.ts";
import { type Board, loadBoard } from "../../host/build/boards.ts";
import type { BuildResult } from "../../host/build/index.ts";
import { firmwareEntries } from "../../host/image/firmware.ts";
import { packImage } from "../../host/image/image.ts";
import { generateKey } from "../../host/image/keys.ts";
import { printed } from "../../host/tokens/printed.ts";
import { buildId, decodeTrace, keepBuild, traceDecoder } from "../../host/trace/index.ts";
import { Flashed, imageOf } from "../boot/flashed.ts";
import { interpreters, noInterpreter } from "../mqtt/interpreter.ts";
import { buildFaulty, FAULTY, FAULTY_DIST } from "./faulty-build.ts";

const folder = mkdtempSync(join(tmpdir(), "trace-"));
const dist = FAULTY_DIST;
const archive = join(folder, "archive");
let board: Board;
let built: BuildResult;

before(async () => {
  board = await loadBoard("linux");
  built = await buildFaulty();
});
after(() => rmSync(folder, { recursive: true }));

const places = { dist, archive };
const decode = (text: string) => decodeTrace(text, { board: "linux", places });

/** The line of the program that a comment marks. */
function marked(mark: string): string {
  const lines = readFileSync(FAULTY, "utf8").split("\n");
  const line = lines.findIndex((text) => text.endsWith(`// at: ${mark}`)) + 1;
  assert.ok(line > 0, `no line is marked with ${mark}`);
  return `test/trace/device/faulty.ts:${line}:`;
}

interface ImageForm {
  /** With a signature that holds a line break, as two of three do. */
  signed?: boolean;
  /** It runs from RAM. */
  compressed?: true;
}

function image({ signed = false, ...form }: ImageForm): Buffer {
  const entries = firmwareEntries(form, readFileSync(built.firmware));
  const privateKey = generateKey();
  for (let i = 0; ; i++) {
    const parts = { board: "linux", module: "test", version: `1.${i}`, entries };
    const made = packImage(signed ? { ...parts, privateKey } : parts);
    if (!signed || made.subarray(768, 1024).includes(10)) return made;
  }
}

/** What the console says until the program's end. */
async function hear(make: (flash: string) => PoweredBoard, form: ImageForm = {}): Promise<string> {
  const flashed = new Flashed(board, readFileSync(built.boot0), imageOf(board, "print(1)"));
  flashed.fill(0, image(form));
  flashed.choose({ a: 0 });
  const own = mkdtempSync(join(folder, "board-"));
  writeFileSync(join(own, "espruino.flash"), flashed.flash.bytes);
  const made = make(join(own, "espruino.flash"));
  let heard = "";
  try {
    await new Promise<void>((resolve, reject) => {
      made.onConsole((text) => {
        heard += text;
        if (heard.includes("#END")) resolve();
      });
      made.onRestart((cause) => reject(new Error(`${cause}: ${heard}`)));
      made.powerOn().catch(reject);
    });
  } finally {
    await made.close();
  }
  return heard;
}

const engines: { name: string; make: (flash: string) => PoweredBoard }[] = [
  { name: "the virtual board", make: (flash) => createVirtualBoard({ board, flash }) },
  ...interpreters().map(({ name, command }) => ({
    name: `the interpreter (${name})`,
    make: (flash: string) =>
      createInterpreterBoard({ board, flash, interpreter: command[0] as string }),
  })),
];
if (noInterpreter) test("traces of the interpreter", { skip: noInterpreter }, () => {});

/** Function and place of each frame below a message, in order. */
function framesBelow(text: string, message: string): string[] {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => line.includes(message)) + 1;
  assert.ok(first > 0, `"${message}" is missing:\n${text}`);
  const rest = lines.slice(first);
  const end = rest.findIndex((line) => !/^ /.test(line));
  return rest.slice(0, end).filter((line) => line.startsWith("    at "));
}

for (const { name, make } of engines) {
  describe(name, () => {
    let text: string;
    before(async () => {
      text = decode(await hear(make));
    });

    test("an uncaught error has the TypeScript's names, places and lines", () => {
      const frames = framesBelow(text, "Can't read property 'last' of undefined");
      assert.ok(frames[0]?.includes(`latest (${marked("latest")}`), text);
      assert.ok(frames[1]?.includes(`average (${marked("average")}`), text);
      assert.ok(frames[2]?.includes(marked("handler")), text);
      assert.ok(frames[3]?.includes("handle (test/trace/device/faulty.ts:"), text);
      assert.ok(frames[4]?.includes(marked("timer")), text);
      assert.ok(text.includes("      return this.readings.last; // at: latest\n"), text);
    });

    test("a member's short name in the message is the source's word", () => {
      const frames = framesBelow(text, 'Function "scale" not found!');
      assert.ok(frames[0]?.includes(`wrong (${marked("wrong")}`), text);
    });

    test("the log's line has the places, too", () => {
      const line = text.split("\n").find((one) => one.includes("error test: the callback failed"));
      assert.match(line ?? text, /Error: Can't read property 'last' of undefined at latest \(/);
      assert.ok(line?.includes(`average (${marked("average")}`), line);
      assert.doesNotMatch(line ?? "", /slot\.a/);
    });

    test("a compressed image runs from RAM: what has a name is found all the same", async () => {
      const ram = decode(await hear(make, { compressed: true }));
      const frames = framesBelow(ram, "Can't read property 'last' of undefined");
      assert.ok(frames[0]?.includes(`latest (${marked("latest")}`), ram.slice(0, 2000));
      assert.ok(frames[1]?.includes(`average (${marked("average")}`), frames[1]);
      assert.match(ram.slice(0, 5000), /failed: Error: .* at latest \(test\/trace\/device/);
    });

    test("what is no trace passes as it is", () => {
      assert.match(text, /Uncaught plain text\r?\n/);
      assert.match(text, /#END/);
    });
  });
}

const small = interpreters().find(({ name }) => name === "32-bit");

test("endless recursion is told once", { skip: !small && "no 32-bit Espruino" }, async () => {
  const flash = (path: string) =>
    createInterpreterBoard({ board, flash: path, interpreter: small?.command[0] as string });
  const text = decode(await hear(flash, { signed: true }));
  const frames = framesBelow(text, "Too much recursion");
  assert.ok(frames.length < 10, `${frames.length} frames`);
  assert.match(text.slice(-800), / {4}… and \d+ times more\n/);
  // The signature's line breaks move the columns; the code that is shown tells by how much.
  const [first] = framesBelow(text, "property 'last'");
  assert.ok(first?.includes(marked("latest")), first);
});

/** As a board with its code in place prints it; `offset` is the place of a token in the script. */
function traceAt(offset: number): string {
  const script = readFileSync(built.firmware, "latin1");
  const code = printed(script, offset - 30, offset + 30);
  const mark = `${" ".repeat(33)}^`;
  return `Uncaught Error: no\r\n    at factory:2:${offset + 1017}\r\n...${code}...\r\n${mark}\r\n>`;
}

test("the text may come in pieces of any size", () => {
  const text = traceAt(readFileSync(built.firmware, "latin1").indexOf(".shift()"));
  const whole = decode(text);
  assert.match(whole, /device\/faulty\.ts:\d+:\d+\n {6}const fault = faults\.shift\(\);\n/);
  const decoder = traceDecoder({ board: "linux", places });
  const pieces = [...text].map((letter) => decoder.push(letter)).join("") + decoder.flush();
  assert.equal(pieces, whole);
});

test("a line of the log that ends within a place is read up to there", () => {
  const offset = readFileSync(built.firmware, "latin1").indexOf(".shift()");
  const line = `2.0 error test: no: Error: x at factory:2:${offset + 1017}`;
  assert.match(
    decode(`${line} at factory:2:1\n`),
    /x at test\/trace\/device\/faulty\.ts:\d+:\d+ …\n/,
  );
});

test("a line without an end is not kept for ever", () => {
  const decoder = traceDecoder({ board: "linux", places });
  const flood = "x".repeat(1000);
  let out = "";
  for (let i = 0; i < 100; i++) out += decoder.push(flood);
  assert.ok(out.length > 60_000, `${out.length}`);
  assert.equal((out + decoder.flush()).replaceAll("\n", ""), flood.repeat(100));
});

test("an older image is read with the map of its own build", () => {
  const offset = readFileSync(built.firmware, "latin1").indexOf(".shift()");
  const text = traceAt(offset);
  const id = keepBuild(built, archive);
  assert.equal(id, buildId(readFileSync(built.firmware)));
  const newer = join(folder, "newer");
  cpSync(dist, newer, { recursive: true });
  const script = readFileSync(built.firmware, "latin1");
  writeFileSync(join(newer, "linux/firmware.js"), `var later=1;${script}`, "latin1");
  const read = (options: object) => decodeTrace(text, { board: "linux", ...options });
  assert.match(read({ places: { dist: newer, archive } }), /faulty\.ts:\d+:\d+\n/);
  const unknown = read({ places: { dist: newer, archive: join(folder, "none") } });
  assert.match(unknown, /at factory:2:\d+\n/);
  assert.match(unknown, /no source map of this build is known/);
});

test("a trace without code is read only with the build that is known to run", () => {
  const offset = readFileSync(built.firmware, "latin1").indexOf(".shift()");
  const text = `Uncaught Error: no\n    at slot.b:2:${offset + 1017}\n\n  ^\n`;
  const read = (prefer?: string) =>
    decodeTrace(text, { board: "linux", places, ...(prefer ? { prefer } : {}) });
  assert.match(read(), /faulty\.ts/);
  assert.match(read(buildId(readFileSync(built.firmware))), /faulty\.ts/);
  assert.match(read("000000000000"), /no source map of this build is known/);
});

test("a line of the log, and a trace's code, are left alone when they are not the firmware's", () => {
  const text =
    "12.5 warn app: look at README:1:2 please\r\nUncaught Error: x\r\n    at eval (:2:4)\r\n";
  assert.equal(decode(text), text.replaceAll("\r", ""));
});
