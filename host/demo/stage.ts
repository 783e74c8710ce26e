/**
 * Everything the usage example needs, without a board or a cloud account: the local platform, a
 * network that can be cut, and a board with the built firmware in its flash, with a simulated modem
 * where it has one.
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Machine } from "../../boards/board.ts";
import { createInterpreterBoard, createVirtualBoard, type PoweredBoard } from "../board/index.ts";
import { loadBoard, loadBoardFile } from "../build/boards.ts";
import type { BuildResult } from "../build/index.ts";
import { type Cloud, type CloudOptions, startCloud } from "../cloud/index.ts";
import { createRelay, type Relay } from "../faults/relay.ts";
import type { Modem } from "../modem/modem.ts";
import type { ModemOptions } from "../modem/options.ts";
import { FedBoard } from "./fed-board.ts";
import { installFirmware } from "./install.ts";
import { Watch } from "./watch.ts";

/** What runs the bundle: the virtual board, or Espruino's Linux build. */
export type Engine = "virtual" | "espruino";

export interface StageOptions {
  build: BuildResult;
  /** What the build was made with instead of a file in `boards/`, absolute. */
  boardFile?: string;
  engine: Engine;
  /** Path of the interpreter for engine `espruino`; found by itself when missing. */
  interpreter?: string;
  /** Log on, and download, over TLS. */
  tls?: boolean;
  /** Further members of the device's settings; some are only known when the platform runs. */
  settings?: Record<string, unknown> | ((cloud: Cloud) => Promise<Record<string, unknown>>);
  /** Product file of the platform; the demo products when absent. */
  products?: string;
  /** How else the platform differs from the usual one. */
  platform?: CloudOptions;
  /** Further files of the board's Storage. */
  files?: (cloud: Cloud) => Promise<Record<string, string>>;
  /** How the simulated modem differs from the usual one. */
  modem?: ModemOptions;
}

export interface Stage {
  /** What the board was flashed with. */
  build: BuildResult;
  cloud: Cloud;
  /** The network between board and platform. */
  network: Relay;
  board: PoweredBoard;
  /** On boards that have one; it hangs on the board's supply, and loses its network with a cut. */
  modem: Modem | undefined;
  /** Hears what becomes of the modem: a line of text for each change. */
  onModem(listener: (text: string) => void): void;
  /** All that has passed through the platform so far. */
  watch: Watch;
  device: { productKey: string; deviceName: string };
  close(): Promise<void>;
}

/** The virtual access point of the virtual board. */
const WIFI = { ssid: "virtual", password: "virtual-board" };

/** How long a step may take, in milliseconds; a modem has to start and to register first. */
const PATIENCE = 20_000;
const MODEM_PATIENCE = 120_000;

/** Boards without a modem go without the simulator. */
async function rigFor(machine: Machine, options: ModemOptions | undefined) {
  if (!machine.modem) return undefined;
  const { rigModem } = await import("./modem-rig.ts");
  return rigModem(machine.modem, options);
}

/** Ends what has been begun, the last first. */
type Ending = () => unknown;

async function endAll(endings: Ending[]): Promise<void> {
  for (let end = endings.pop(); end; end = endings.pop()) await end();
}

/** Sets the stage; the board is off. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const endings: Ending[] = [];
  try {
    return await setUp(options, endings);
  } catch (error) {
    await endAll(endings);
    throw error;
  }
}

async function setUp(options: StageOptions, endings: Ending[]): Promise<Stage> {
  const { build, engine, interpreter, tls = false, settings = {}, products } = options;
  const board = await (options.boardFile
    ? loadBoardFile(options.boardFile)
    : loadBoard(build.board));
  const folder = await mkdtemp(join(tmpdir(), "aliot-"));
  endings.push(() => rm(folder, { recursive: true }));
  const rig = await rigFor(board.machine, options.modem);
  endings.push(() => rig?.modem.close());
  const cloud = await startCloud({
    ...(products === undefined ? {} : { products }),
    ...(tls ? { downloads: { scheme: "https" } } : {}),
    ...options.platform,
  });
  endings.push(() => cloud.close());
  const watch = new Watch(cloud.trace, rig ? MODEM_PATIENCE : PATIENCE);
  const target = tls ? cloud.endpoints.mqtts : cloud.endpoints.mqtt;
  const network = await createRelay({ target, onCut: (isCut) => rig?.cover(!isCut) });
  endings.push(() => network.close());
  const product = cloud.products[0];
  const secrets = product?.devices[0];
  if (!product || !secrets) throw new Error("the products hold no device");
  const { productKey, productSecret } = product;
  const flash = join(folder, "espruino.flash");
  const deviceSettings = {
    productKey,
    productSecret,
    ...secrets,
    server: `127.0.0.1:${network.port}`,
    qos: 1,
    ...(tls ? { tls } : {}),
    ...(board.device.link === "wifi" ? { wifi: [WIFI] } : {}),
    ...rig?.settings,
    ...(typeof settings === "function" ? await settings(cloud) : settings),
  };
  installFirmware(flash, board.machine, build, JSON.stringify(deviceSettings), {
    ...(tls && rig ? { ca: cloud.ca } : {}),
    ...(options.files ? { files: await options.files(cloud) } : {}),
  });
  const serial = rig?.serial ?? {};
  const bare =
    engine === "virtual"
      ? createVirtualBoard({ board, flash, serial, ...(rig ? { pins: rig.pins } : {}) })
      : createInterpreterBoard({ board, flash, serial, ...(interpreter ? { interpreter } : {}) });
  const powered = rig ? new FedBoard(bare, (on) => rig.modem.supply(on)) : bare;
  endings.push(() => powered.close());
  return {
    build,
    cloud,
    network,
    board: powered,
    modem: rig?.modem,
    onModem: (listener) => rig?.onLine(listener),
    watch,
    device: { productKey, deviceName: secrets.deviceName },
    close: () => endAll(endings),
  };
}
