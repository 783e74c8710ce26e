/**
 * Where the documents' commands run: a folder with the files that they name, and, made when a command
 * needs it, a build, a local platform, a packed image, and a virtual board that is logged on. All are
 * made by the very commands that the documents name for it.
 * @module
 */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FREE_PORTS } from "../cloud/free-ports.ts";
import { program } from "../compiled/program.ts";
import { type Program, programOf } from "./command-lines.ts";
import { root } from "./documents.ts";
import { type Outcome, Running } from "./running.ts";

const IMAGE = "dist/esp32/QuecPython-Tracker-1.1.0.bin";

/** Commands that make what others need. */
export const BUILD = "npm run build -- --sizes --memory";
export const CLOUD = "npm run --silent cloud -- --json";
export const PACK = "npm run pack -- --board esp32 --version 1.1.0";
export const BOARD = "npm run board -- --board esp32 --config device.json";

/** What `npm run cloud -- --json` prints, as far as it is needed here. */
interface Platform {
  mqtt: string;
  products: [{ productKey: string; devices: [{ deviceName: string; deviceSecret: string }] }];
}

export class Stand {
  readonly folder = mkdtempSync(join(tmpdir(), "docs-"));
  private readonly outcomes = new Map<string, Promise<Outcome>>();
  private readonly running: Running[] = [];
  private cloud: Running | undefined;
  private machine: Promise<Running> | undefined;

  /** `node` gives Node's arguments for a program's file. */
  constructor(private readonly node = program) {
    const products = (name: string) => join(root, "examples/products", name);
    this.copy(products("demo.json"), "my-products.json");
    for (const name of ["demo.tsl.json", "tracker.tsl.json"]) this.copy(products(name), name);
    this.copy(products("demo.tsl.json"), "model.json");
    this.write("sample.json", JSON.stringify({ energy: 50 }));
    this.write("board.log", "0.6 info board: esp32, Espruino 2v29.277\n");
    mkdirSync(join(this.folder, "recordings"));
    this.copy(join(root, "test/fixtures/at/prompts.txt"), "recordings/prompts.txt");
  }

  /**
   * Runs a command with further arguments to its end; with `until`, to Ctrl-C after those words. The
   * same line is not run again. Platform and board go on; `close` sees how they end.
   */
  async outcome(command: string, more: string[] = [], until?: RegExp): Promise<Outcome> {
    if (command === CLOUD) return { code: 0, text: await this.platform().then(JSON.stringify) };
    if (command === BOARD) return { code: 0, text: (await this.board()).text };
    if (command === PACK) return this.image();
    return this.run(command, more, until);
  }

  /** The firmware for `esp32`. */
  build(): Promise<Outcome> {
    return this.run(BUILD);
  }

  /** A local platform with the demo products. */
  async platform(): Promise<Platform> {
    this.cloud ??= this.start(programOf(CLOUD), FREE_PORTS);
    const [line] = await this.cloud.said(/^\{.*\}$/m);
    return JSON.parse(line);
  }

  /** An image of the next version. */
  async image(): Promise<Outcome> {
    await this.build();
    return this.run(PACK, ["--out", join(this.folder, IMAGE)]);
  }

  /** A board that is logged on to the platform. */
  board(): Promise<Running> {
    this.machine ??= this.switchOn();
    return this.machine;
  }

  /** Of the board's console. */
  async port(): Promise<string> {
    const [, port = ""] = await (await this.board()).said(/console on (tcp:\S+)/);
    return port;
  }

  private async switchOn(): Promise<Running> {
    await this.build();
    const { mqtt, products } = await this.platform();
    // As the README says: the example, and in it what the platform has printed.
    const example = JSON.parse(readFileSync(join(root, "examples/device.json"), "utf8"));
    const { productKey, devices } = products[0];
    const { deviceName, deviceSecret } = devices[0];
    const settings = { ...example, productKey, deviceName, deviceSecret, server: mqtt };
    this.write("device.json", JSON.stringify(settings));
    const running = this.start(programOf(BOARD), ["--flash", "espruino.flash", "--port", "0"]);
    await running.said(/info ali: logged on to/);
    return running;
  }

  private run(command: string, more: string[] = [], until?: RegExp): Promise<Outcome> {
    const line = [command, ...more].join(" ");
    const known = this.outcomes.get(line);
    if (known) return known;
    const running = this.start(programOf(command), more);
    const outcome = until ? running.said(until).then(() => running.interrupt()) : running.ended;
    this.outcomes.set(line, outcome);
    return outcome;
  }

  private start(program: Program, more: string[] = []): Running {
    const running = new Running(
      { ...program, args: [...program.args, ...more] },
      this.folder,
      this.node,
    );
    this.running.push(running);
    return running;
  }

  private write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  private copy(from: string, name: string): void {
    cpSync(from, join(this.folder, name));
  }

  /** Ends all that still runs. */
  async close(): Promise<void> {
    const board = await this.machine?.catch(() => undefined);
    const ends = [await board?.leave(), await this.cloud?.interrupt()];
    await Promise.all(this.running.map((running) => running.interrupt()));
    rmSync(this.folder, { recursive: true });
    for (const end of ends) assert.equal(end?.code ?? 0, 0, end?.text);
  }
}
