/**
 * Boards to provision: the virtual board behind its console on TCP, and the real interpreter, whose
 * standard streams are the connection.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  ConsoleServer,
  createVirtualBoard,
  findInterpreter,
  type VirtualBoard,
} from "../../host/board/index.ts";
import { loadBoard } from "../../host/build/boards.ts";
import { type BuildResult, build } from "../../host/build/index.ts";
import { installFirmware } from "../../host/demo/install.ts";
import { type Connection, type ConnectionEvents, Mailbox } from "../../host/serial/index.ts";

/** 115200 baud: bytes, and the milliseconds that they take. */
const PIECE = 115;
const PIECE_MS = 10;

/** Built once a process. */
const builds = new Map<string, Promise<BuildResult>>();

/** A flash image with the firmware, and without settings unless they are given. */
export async function flashed(board: string, flash: string, settings?: string): Promise<void> {
  const built = builds.get(board) ?? build({ board, quiet: true });
  builds.set(board, built);
  installFirmware(flash, (await loadBoard(board)).machine, await built, settings);
}

/** A board that stands in for the one on the desk. */
export interface Rig {
  name: string;
  /** The board file. */
  board: string;
  /** What to open. */
  port: string | Connection;
  /** All that its console has said. */
  heard(): string;
  close(): Promise<void>;
}

/** The virtual board; its port takes any number of connections. */
export class VirtualRig implements Rig {
  readonly name: string;
  port = "";
  private text = "";

  private constructor(
    readonly board: string,
    private readonly folder: string,
    readonly machine: VirtualBoard,
    private readonly server: ConsoleServer,
  ) {
    this.name = `virtual board, ${board}`;
  }

  /** Flashed, without settings unless they are given, and on. */
  static async start(board: string, settings?: string): Promise<VirtualRig> {
    const folder = mkdtempSync(join(tmpdir(), "provision-"));
    const flash = join(folder, "espruino.flash");
    await flashed(board, flash, settings);
    const machine = createVirtualBoard({ board: await loadBoard(board), flash });
    const rig = new VirtualRig(board, folder, machine, new ConsoleServer(machine));
    machine.onConsole((text) => {
      rig.text += text;
    });
    rig.port = `tcp://127.0.0.1:${await rig.server.listen()}`;
    await machine.powerOn();
    return rig;
  }

  heard(): string {
    return this.text;
  }

  /** All of its flash as it is now, a byte string. */
  flash(): string {
    return readFileSync(join(this.folder, "espruino.flash"), "latin1");
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.machine.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** Why there is no real interpreter, in one line; false when there is one. */
export const noInterpreter: string | false =
  findInterpreter() === undefined
    ? "no Espruino on this machine (ESPRUINO or espruino-linux)"
    : false;

/** The real interpreter; its port can be opened once. */
export class InterpreterRig implements Rig, Connection {
  readonly name = "interpreter";
  readonly board = "linux";
  /** What comes while it is busy may be lost. */
  readonly lossy = true;
  private readonly mailbox = new Mailbox();
  private text = "";

  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {
    child.stdin?.on("error", () => {});
    child.stdout?.setEncoding("latin1").on("data", (bytes: string) => {
      this.text += bytes;
      this.mailbox.data(bytes);
    });
    child.on("exit", () => this.mailbox.closed());
  }

  static async start(settings?: string): Promise<InterpreterRig> {
    const folder = mkdtempSync(join(tmpdir(), "provision-"));
    await flashed("linux", join(folder, "espruino.flash"), settings);
    const stdio = ["pipe", "pipe", "ignore"] as const;
    const child = spawn(findInterpreter() as string, [], { cwd: folder, stdio: [...stdio] });
    return new InterpreterRig(folder, child);
  }

  get port(): Connection {
    return this;
  }

  heard(): string {
    return this.text;
  }

  listen(events: ConnectionEvents): void {
    this.mailbox.listen(events);
  }

  /** At the rate of a serial port, for the interpreter loses what comes in longer bursts. */
  async write(bytes: string): Promise<void> {
    for (let at = 0; at < bytes.length; at += PIECE) {
      this.child.stdin?.write(bytes.slice(at, at + PIECE), "latin1");
      await setTimeout(PIECE_MS);
    }
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
