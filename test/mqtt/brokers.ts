/**
 * Brokers to test against, on a free port of the loopback.
 * @module
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Aedes } from "aedes";

export interface Broker {
  port: number;
  close(): Promise<void>;
}

export interface BrokerKind {
  name: string;
  /** Why it can't be used here; false when it can. */
  missing: string | false;
  start(): Promise<Broker>;
}

async function startAedes(): Promise<Broker> {
  const aedes = await Aedes.createBroker();
  const server = createServer(aedes.handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        aedes.close(() => server.close(() => resolve()));
      }),
  };
}

function findMosquitto(): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, "mosquitto")).find(existsSync);
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

async function startMosquitto(): Promise<Broker> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "mosquitto-"));
  const config = join(folder, "mosquitto.conf");
  writeFileSync(
    config,
    [
      `listener ${port} 127.0.0.1`,
      "allow_anonymous true",
      "persistence false",
      "max_queued_messages 0",
      "set_tcp_nodelay true",
      "log_type error",
      "",
    ].join("\n"),
  );
  const process = spawn(findMosquitto() as string, ["-c", config], { stdio: "ignore" });
  let ended = false;
  const closed = new Promise<void>((resolve) => {
    process.on("close", () => {
      ended = true;
      resolve();
    });
  });
  while (!(await answers(port))) {
    if (ended) throw new Error("mosquitto ended at its start");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    port,
    close: async () => {
      process.kill();
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const brokers: BrokerKind[] = [
  { name: "aedes", missing: false, start: startAedes },
  {
    name: "mosquitto",
    missing: findMosquitto() ? false : "no mosquitto on this machine",
    start: startMosquitto,
  },
];
