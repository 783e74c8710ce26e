/**
 * Which port a board is at.
 * @module
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { BoardError } from "./errors.ts";
import { loadSerialPort } from "./serial-port.ts";

/** A port of this computer where a board may be. */
export interface PortChoice {
  /** What `openBoard` takes, e.g. `/dev/ttyUSB0`. */
  path: string;
  /** For people: the chip between USB and the board, and who made it. */
  description: string;
}

/** USB vendors of boards and their serial adapters. */
const VENDORS: Record<string, string> = {
  "303a": "Espressif, the chip's own USB",
  "10c4": "CP210x adapter",
  "1a86": "CH340 or CH910x adapter",
  "0403": "FTDI adapter",
  "067b": "PL2303 adapter",
  "0483": "Espruino board",
};
/** USB vendors of modems, which have serial ports but no interpreter. */
const MODEMS = ["2c7c", "1e0e", "12d1", "05c6"];

/** A port as `serialport` lists it. */
export interface ListedPort {
  path: string;
  vendorId?: string | undefined;
  manufacturer?: string | undefined;
}

/** Ports at which a board may be, likely ones first. */
export async function listPorts(): Promise<PortChoice[]> {
  const Port = await loadSerialPort();
  try {
    return candidates(await Port.list());
  } catch (error) {
    // On Linux it asks udevadm, which containers and small systems lack.
    if (process.platform !== "linux") throw error;
    return candidates(kernelPorts());
  }
}

/** USB ports as Linux itself knows them. @param folder of the kernel's terminals */
export function kernelPorts(folder = "/sys/class/tty"): ListedPort[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^tty(USB|ACM)\d+$/.test(name))
    .sort()
    .map((name) => ({ path: `/dev/${name}`, vendorId: usbVendor(join(folder, name, "device")) }));
}

/** Vendor of the USB device that something belongs to; an adapter's port lies a few folders below. */
function usbVendor(device: string): string | undefined {
  if (!existsSync(device)) return undefined;
  for (let at = realpathSync(device), n = 0; n < 5; at = dirname(at), n++) {
    const file = join(at, "idVendor");
    if (existsSync(file)) return readFileSync(file, "latin1").trim();
  }
  return undefined;
}

/** Ports on USB that are no modem's. */
export function candidates(ports: ListedPort[]): PortChoice[] {
  const usb = ports.flatMap(({ path, vendorId, manufacturer }) => {
    const vendor = vendorId?.toLowerCase();
    if (vendor === undefined || MODEMS.includes(vendor)) return [];
    const known = VENDORS[vendor];
    return [{ path, known, description: known ?? manufacturer ?? `USB vendor ${vendor}` }];
  });
  return usb
    .sort((one, other) => Number(!one.known) - Number(!other.known))
    .map(({ path, description }) => ({ path, description }));
}

export interface ChooseOptions {
  /** Lists the ports; by default those of this computer. */
  list?(): Promise<PortChoice[]>;
  /** Asks a person; by default on the terminal, and not at all where there is none. */
  ask?: ((question: string) => Promise<string>) | undefined;
  /** Hears which port was taken without being asked. */
  tell?(text: string): void;
}

/**
 * The port to use: the one that was named, else the only one there is, else what a person chooses.
 * @param named e.g. of `--port`
 * @throws BoardError `no-port`, saying what was looked for or which ones there are
 */
export async function choosePort(
  named: string | undefined,
  options: ChooseOptions = {},
): Promise<string> {
  if (named !== undefined) return named;
  const found = await (options.list ?? listPorts)();
  const [only] = found;
  if (!only) throw new BoardError("no-port", nothingFound());
  if (found.length === 1) {
    options.tell?.(`${only.path} (${only.description})`);
    return only.path;
  }
  const lines = found.map(({ path, description }, i) => `  ${i + 1}  ${path}  ${description}`);
  const ask = "ask" in options ? options.ask : askOnTerminal();
  if (!ask) {
    throw new BoardError(
      "no-port",
      `several ports may be the board's: name one with --port\n${lines.join("\n")}`,
    );
  }
  const answer = await ask(
    `Which port is the board's?\n${lines.join("\n")}\n1 to ${found.length}: `,
  );
  const chosen =
    found[Number(answer.trim()) - 1] ?? found.find(({ path }) => path === answer.trim());
  if (!chosen) {
    throw new BoardError(
      "no-port",
      `"${answer.trim()}": expected a number from 1 to ${found.length}`,
    );
  }
  return chosen.path;
}

function askOnTerminal(): ((question: string) => Promise<string>) | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return async (question) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await terminal.question(question);
    } finally {
      terminal.close();
    }
  };
}

function nothingFound(): string {
  const looked: Partial<Record<NodeJS.Platform, string>> = {
    linux: "/dev/ttyUSB* and /dev/ttyACM*",
    darwin: "/dev/tty.usbserial*, /dev/tty.wchusbserial* and /dev/tty.usbmodem*",
    win32: "COM ports on USB",
  };
  const causes = [
    "the cable only charges: take one that carries data",
    "the driver of the adapter is missing: CP210x (Silicon Labs) or CH340 (WCH)",
    ...(process.platform === "linux" ? linuxCauses() : []),
    "the board is reached over the network: --port tcp://HOST:PORT",
  ];
  return [
    `no board found: looked for ${looked[process.platform] ?? "serial ports on USB"}.`,
    "Usual causes:",
    ...causes.map((cause) => `  - ${cause}`),
    "A port of another kind can be named: --port PATH.",
  ].join("\n");
}

/** In containers and virtual machines the device is often not passed on. */
function linuxCauses(): string[] {
  const causes = [
    "you are not in the group dialout: sudo usermod -aG dialout $USER, then log in again",
  ];
  try {
    if (readdirSync("/sys/bus/usb/devices").length > 0) return causes;
  } catch {
    // no USB at all
  }
  return [
    ...causes,
    "this machine sees no USB: pass the device on to the container or virtual machine",
  ];
}
