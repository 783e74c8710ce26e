/**
 * Everything the usage example needs, without a board or a cloud account: the local platform, a
 * network that can be cut, and a board with the built firmware in its flash.
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterpreterBoard, createVirtualBoard, type PoweredBoard } from "../board/index.ts";
import { loadBoard } from "../build/boards.ts";
import type { BuildResult } from "../build/index.ts";
import { type Cloud, startCloud } from "../cloud/index.ts";
import { createRelay, type Relay } from "../faults/relay.ts";
import { installFirmware } from "./install.ts";
import { Watch } from "./watch.ts";

/** What runs the bundle: the virtual board, or Espruino's Linux build. */
export type Engine = "virtual" | "espruino";

export interface StageOptions {
  build: BuildResult;
  engine: Engine;
  /** Path of the interpreter for engine `espruino`; found by itself when missing. */
  interpreter?: string;
  /** Log on, and download, over TLS. */
  tls?: boolean;
  /** Further members of the device's settings. */
  settings?: Record<string, unknown>;
}

export interface Stage {
  /** What the board was flashed with. */
  build: BuildResult;
  cloud: Cloud;
  /** The network between board and platform. */
  network: Relay;
  board: PoweredBoard;
  /** All that has passed through the platform so far. */
  watch: Watch;
  device: { productKey: string; deviceName: string };
  close(): Promise<void>;
}

/** The virtual access point of the virtual board. */
const WIFI = { ssid: "virtual", password: "virtual-board" };

/** Sets the stage; the board is off. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { build, engine, interpreter, tls = false, settings = {} } = options;
  const folder = await mkdtemp(join(tmpdir(), "aliot-"));
  const cloud = await startCloud(tls ? { downloads: { scheme: "https" } } : {});
  const watch = new Watch(cloud.trace);
  const target = tls ? cloud.endpoints.mqtts : cloud.endpoints.mqtt;
  const network = await createRelay({ target });
  const product = cloud.products[0];
  const secrets = product?.devices[0];
  if (!product || !secrets) throw new Error("the demo products hold no device");
  const { productKey, productSecret } = product;
  const board = await loadBoard(build.board);
  const flash = join(folder, "espruino.flash");
  const deviceSettings = {
    productKey,
    productSecret,
    ...secrets,
    server: `127.0.0.1:${network.port}`,
    qos: 1,
    ...(tls ? { tls } : {}),
    ...(board.device.link === "wifi" ? { wifi: [WIFI] } : {}),
    ...settings,
  };
  installFirmware(flash, board.machine, build, JSON.stringify(deviceSettings));
  const powered =
    engine === "virtual"
      ? createVirtualBoard({ board, flash })
      : createInterpreterBoard({ board, flash, ...(interpreter ? { interpreter } : {}) });
  return {
    build,
    cloud,
    network,
    board: powered,
    watch,
    device: { productKey, deviceName: secrets.deviceName },
    close: async () => {
      await powered.close();
      await network.close();
      await cloud.close();
      await rm(folder, { recursive: true });
    },
  };
}
