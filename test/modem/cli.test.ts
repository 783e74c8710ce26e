/**
 * `npm run modem` with a program at its terminal, and its refusals.
 * @module
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createReadStream, existsSync, openSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readSettings } from "../../host/cli/modem-settings.ts";
import { noPty } from "../../host/modem/pty.ts";
import { program } from "../compiled/program.ts";

const command = new URL("../../host/cli/modem.ts", import.meta.url).pathname;
const args = program(command);

/** Waits for text on a stream. */
function until(stream: NodeJS.ReadableStream | null, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    stream?.on("data", (piece) => {
      text += piece;
      if (pattern.test(text)) resolve(text);
    });
    stream?.once("end", () => reject(new Error(`ended without ${pattern}: ${text}`)));
  });
}

const start = (...more: string[]): ChildProcess =>
  spawn(process.execPath, [...args, ...more], { stdio: ["ignore", "pipe", "pipe"] });

describe("refusals", () => {
  const refusals: [given: string[], told: RegExp][] = [
    [["--family", "M95"], /--family: unknown family "M95", known are EC600N/],
    [["--seed", "x"], /--seed is "x", but has to be a whole number/],
    [["--every", "3"], /--every needs --seed/],
    [["--fault", "F99"], /there is no fault "F99"/],
    [["--fault", "F26@soon"], /"soon" has to be seconds or \/words\//],
    [["--pin", "12"], /--pin has to be 4 to 8 digits/],
    [["--nosuch"], /Unknown option '--nosuch'/],
  ];
  for (const [given, told] of refusals) {
    test(given.join(" "), () => {
      assert.throws(() => readSettings(given), { name: "Error", message: told });
    });
  }

  test("they go to stderr, with exit code 2", () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [...args, "--nosuch"], {
      encoding: "utf8",
    });
    assert.equal(status, 2);
    assert.match(stderr, /^modem: Unknown option '--nosuch'.*\nTry npm run modem -- --help\n$/s);
    assert.equal(stdout, "");
  });
});

test("flags become options", () => {
  const given = ["--family", "ec200u", "--paced", "--seed", "7", "--every", "5", "--pin", "1234"];
  const faults = ["--fault", "F26.late", "--fault", "F11@30", "--fault", "F10@/QIACT/"];
  assert.deepEqual(readSettings([...given, ...faults, "--trace", "--link", "/tmp/x"]), {
    options: {
      family: "EC200U",
      paced: true,
      seed: 7,
      faults: { seed: 7, everyMs: 5000 },
      sim: { pin: "1234" },
    },
    link: "/tmp/x",
    faults: [
      { name: "F26.late" },
      { name: "F11", after: 30_000 },
      { name: "F10", command: "QIACT" },
    ],
    trace: true,
  });
  assert.equal(readSettings(["--help"]), "help");
  assert.equal(readSettings(["--faults"]), "faults");
});

test("a program at the terminal talks to the module; the trace is on stderr", async (t) => {
  const missing = noPty();
  if (missing !== undefined) {
    t.skip(missing);
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), "modem-cli-"));
  const link = join(folder, "tty");
  const child = start("--link", link, "--trace", "--family", "bg96", "--fault", "F02@/CSQ/");
  t.after(async () => {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true });
  });
  assert.match(await until(child.stdout, /stops\.\n/), /^BG96 on .*tty, 115200 baud/);
  await until(child.stderr, /< RDY/);
  const descriptor = openSync(link, "r+");
  const terminal = createReadStream("", { fd: descriptor, encoding: "latin1" });
  // The terminal's end is an error to whoever reads it.
  terminal.on("error", () => {});
  const traced = until(child.stderr, /< OK/);
  const answered = until(
    terminal,
    /AT\+CSQ\r\r\n\+CSQ: 99,99\r\n\r\n\+QIND: "csq",23,99\r\n\r\nOK/,
  );
  writeSync(descriptor, "AT+CSQ\r");
  await answered;
  assert.match(await traced, /> AT\+CSQ\n(.|\n)*< \+CSQ: 99,99\n/);
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  const [code] = await exit;
  terminal.destroy();
  assert.equal(code, 0);
  assert.equal(existsSync(link), false);
});
