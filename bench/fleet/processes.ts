/**
 * The processes of the bench: servers that are measured, and the load.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { inProject } from "../../host/build/project.ts";
import type { Order, Outcome } from "./load.ts";
import type { Cpu } from "./probe.ts";

const TSX = ["--import", import.meta.resolve("tsx")];
const HERE = import.meta.dirname;
/** CPU of a whole process for profiles, where that is asked for: a folder. */
const PROFILES = process.env.FLEET_PROFILE;

/** A server, and what it uses. */
export class Server {
  readonly host: string;
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, host: string, port: number) {
    this.#child = child;
    this.host = host;
    this.port = port;
  }

  /** The platform, as `npm run cloud` starts it, its console included; it keeps all in `folder`. */
  static platform(folder: string, products: string): Promise<Server> {
    const ports = ["mqtt", "mqtts", "x509", "openapi", "files", "files-tls", "auth", "auth-tls"];
    const free = [...ports, "console"].flatMap((port) => [`--port-${port}`, "0"]);
    const script = inProject("host", "cli", "cloud.ts");
    const where = ["--data", folder, "--products", products];
    return Server.#start("platform", [script, "--json", ...where, ...free]);
  }

  /** The broker alone. */
  static bare(): Promise<Server> {
    return Server.#start("bare", [join(HERE, "bare.ts")]);
  }

  /** What it has used since its start, ms. */
  async cpuMs(): Promise<number> {
    const { user, system } = (await this.#ask("cpu")) as Cpu;
    return (user + system) / 1000;
  }

  /** Its memory after a collection of garbage, bytes. */
  async rss(): Promise<number> {
    return (await this.#ask("memory")) as number;
  }

  async close(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return;
    const exit = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await exit;
  }

  async #ask(what: "cpu" | "memory"): Promise<unknown> {
    const answer = once(this.#child, "message");
    this.#child.send(what);
    const [usage] = await answer;
    return usage;
  }

  /** @throws when it ends before it has printed where it listens */
  static async #start(name: string, args: string[]): Promise<Server> {
    const profile = PROFILES
      ? ["--cpu-prof", "--cpu-prof-dir", PROFILES, "--cpu-prof-name", `${name}.cpuprofile`]
      : [];
    const options = ["--expose-gc", ...profile, ...TSX, "--import", join(HERE, "probe.ts")];
    const child = spawn(process.execPath, [...options, ...args], {
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    });
    if (!child.stdout) throw new Error("the server has no output");
    const lines = createInterface(child.stdout);
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`the ${name} has ended with ${code}`);
    });
    const [line] = (await Promise.race([once(lines, "line"), ended])) as [string];
    ended.catch(() => {});
    const [host = "", port] = (JSON.parse(line) as { mqtt: string }).mqtt.split(":");
    return new Server(child, host, Number(port));
  }
}

/** All devices of one server. */
export class Load {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static start(): Load {
    const args = [...TSX, join(HERE, "load.ts")];
    const stdio = ["ignore", "inherit", "inherit", "ipc"] as const;
    return new Load(spawn(process.execPath, args, { stdio: [...stdio] }));
  }

  /** Connects until there are so many devices. @throws what the load reports */
  async connect(order: Omit<Extract<Order, { kind: "connect" }>, "kind">): Promise<void> {
    await this.#order({ kind: "connect", ...order });
  }

  /** @throws when an answer is missing */
  async measure(order: Exclude<Order, { kind: "connect" }>): Promise<Outcome> {
    return (await this.#order(order)) as Outcome;
  }

  close(): void {
    this.#child.kill();
  }

  async #order(order: Order): Promise<Outcome | undefined> {
    const ended = new AbortController();
    const exit = once(this.#child, "exit", { signal: ended.signal }).then(([code]) => {
      throw new Error(`the load has ended with ${code}`);
    });
    exit.catch(() => {});
    const answer = once(this.#child, "message", { signal: ended.signal });
    answer.catch(() => {});
    this.#child.send(order);
    try {
      const [message] = await Promise.race([answer, exit]);
      const { outcome, failure } = message as { outcome?: Outcome; failure?: string };
      if (failure !== undefined) throw new Error(failure);
      return outcome;
    } finally {
      ended.abort();
    }
  }
}
