/**
 * An update on the interpreter: the download against a bare loop that reads the same file from the
 * same server and drops it; what goes to the flash; memory; the checks; the loader's start.
 * @module
 */
import { createHash, randomBytes, sign } from "node:crypto";
import { join } from "node:path";
import { loadBoard } from "../host/build/boards.ts";
import { generateKey, publicModulus } from "../host/image/keys.ts";
import {
  buildProgram,
  type Engine,
  interpreters,
  noInterpreter,
  Run,
} from "../test/mqtt/interpreter.ts";
import { measureLoader } from "./ota/loader.ts";
import { serveBlocks, serveFiles } from "./ota/servers.ts";
import { measureWhole } from "./ota/whole.ts";
import type { Row } from "./run.ts";

export const name = "OTA: an image of 64 KB on the interpreter";

const SIZE = 64 << 10;
const FOUR_KB = "<= 292, 4 KB of 14 bytes each";
/** Each downloads two files, the one over HTTP, the other in blocks. */
const ROUNDS = 5;

interface Round {
  bare: number;
  least: number;
  dropped: number;
  flash: number;
  http: number[];
  blocks: number[];
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] as number;

/** Runs the bench on each interpreter that is present. */
export async function bench(): Promise<Row[] | string> {
  if (noInterpreter) return noInterpreter;
  const rows: Row[] = [];
  const script = await buildProgram(join(import.meta.dirname, "../test/ota/device/bench.ts"));
  const files = Array.from({ length: 2 * ROUNDS }, () => randomBytes(SIZE));
  const http = await serveFiles(files);
  const mqtt = await serveBlocks(files);
  const privateKey = generateKey();
  const settings = {
    http: http.port,
    mqtt: mqtt.port,
    files: files.length,
    size: SIZE,
    slotBytes: SIZE,
    modulus: publicModulus(privateKey),
    signature: sign("sha256", Buffer.from("image"), privateKey).toString("hex"),
    digest: createHash("sha256").update("image").digest("hex"),
  };
  try {
    for (const engine of interpreters()) {
      const run = new Run(engine, script, settings);
      try {
        rows.push(...(await measure(run, engine)));
      } finally {
        await run.end();
      }
      const { loader, floor } = await measureLoader(engine, SIZE);
      const what = `${engine.name}: loader until the image's script begins`;
      rows.push({ what, value: loader / 1000, unit: "ms" });
      rows.push({ what: `${what}, to its SHA-256 alone`, value: loader / floor, unit: "x" });
    }
  } finally {
    http.close();
    mqtt.close();
  }
  for (const overMqtt of [false, true]) {
    const memory = await measureWhole(overMqtt);
    if (!memory) continue;
    rows.push({
      what: `32-bit: whole firmware, update over ${overMqtt ? "MQTT" : "HTTP"}: most above connected`,
      value: memory.most - memory.idle,
      unit: "JsVars",
      goal: FOUR_KB,
    });
  }
  return rows;
}

/** Rows of one interpreter. */
async function measure(run: Run, engine: Engine): Promise<Row[]> {
  const numbers = async (word: string) => (await run.line(word)).split(" ").map(Number);
  const figure = async (word: string) => (await numbers(word))[0] as number;
  const rounds: Round[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    rounds.push({
      bare: await figure("bare"),
      least: await figure("least"),
      dropped: await figure("dropped"),
      flash: await figure("flash"),
      http: await numbers("http"),
      blocks: await numbers("blocks"),
    });
  }
  const rows: Row[] = [];
  const add = (what: string, value: number | string, unit: string, goal?: string) =>
    rows.push({ what: `${engine.name}: ${what}`, value, unit, ...(goal ? { goal } : {}) });
  const speed = (us: number) => SIZE / us / 1.024e-3;
  const bare = median(rounds.map((round) => round.bare));
  add("bare read of the socket", speed(bare), "KB/s");
  const flash = median(rounds.map((round) => round.flash));
  add("bare erases and writes of the flash", speed(flash), "KB/s");
  const least = median(rounds.map((round) => round.bare / round.least));
  add("hand-written least loop into flash, to the bare read", least, "x");
  const dropped = median(rounds.map((round) => round.bare / round.dropped));
  add("HTTP into nothing, to the bare read", dropped, "x", ">= 0.5");
  const { page } = (await loadBoard("linux")).device.flash;
  for (const [kind, what, goal] of [
    ["http", "HTTP", ">= 0.5"],
    ["blocks", "blocks over MQTT", undefined],
  ] as const) {
    const took = median(rounds.map((round) => round[kind][0] as number));
    // Of a slot that holds something else throughout.
    const [, erases = 0, written = 0] = (rounds[1] as Round)[kind];
    add(`${what} into flash`, speed(took), "KB/s");
    const ratio = (floor: (round: Round) => number) =>
      median(rounds.map((round) => floor(round) / (round[kind][0] as number)));
    add(
      `${what} into flash, to the bare read`,
      ratio((round) => round.bare),
      "x",
      goal,
    );
    add(
      `${what} into flash, to the least loop`,
      ratio((round) => round.least),
      "x",
    );
    add(`${what}: bytes written per byte of the image`, written / SIZE, "", "<= 1.05");
    add(`${what}: erases per page`, erases / (SIZE / page), "", "<= 1");
  }
  add("HTTP: most JsVars above the idle program", await figure("memory-http"), "JsVars", FOUR_KB);
  add("blocks: the same", await figure("memory-blocks"), "JsVars");
  const [erases, written] = await numbers("same");
  add("the same image again", `${erases}, ${written}`, "erases, bytes written", "0, 0");
  add("SHA-256 of the image in flash", (await figure("sha256")) / 1000, "ms");
  add("MD5 of the image in flash", (await figure("md5")) / 1000, "ms");
  add("MD5: longest turn", (await figure("md5-turn")) / 1000, "ms");
  add("RSA signature checked", (await figure("rsa")) / 1000, "ms");
  add("RSA: most JsVars meanwhile", await figure("memory-rsa"), "JsVars", FOUR_KB);
  await run.line("end");
  return rows;
}
