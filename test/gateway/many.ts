/**
 * A stage with a gateway of many sensors, for tests and benches.
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildResult, build } from "../../host/build/index.ts";
import { inProject } from "../../host/build/project.ts";
import { type Engine, openStage, type Stage } from "../../host/demo/stage.ts";

export const SENSOR = "a1AliotNode";

/** Of the sensor with this number. */
export const nameOf = (number: number) => `sensor_${1000 + number}`;

export function buildMany(): Promise<BuildResult> {
  const app = inProject("test/gateway/device/many.ts");
  const outDir = inProject(".cache/gateway/dist");
  return build({ board: "linux", app, outDir, quiet: true });
}

/** A product file with so many sensors; their secrets are those of `device/many.ts`. */
function writeProducts(count: number): string {
  const folder = inProject(".cache/gateway");
  mkdirSync(folder, { recursive: true });
  const tsl = (name: string) => inProject("examples/products", name);
  const names = Array.from({ length: count }, (_, number) => nameOf(number));
  const gateway = {
    productKey: "a1AliotGate",
    nodeType: "gateway",
    tsl: tsl("demo.tsl.json"),
    devices: [{ deviceName: "gateway_0001" }],
  };
  const sensors = {
    productKey: SENSOR,
    nodeType: "sub-device",
    tsl: tsl("sensor.tsl.json"),
    devices: names.map((deviceName) => {
      return { deviceName, deviceSecret: `0123456789abcdef01234${deviceName}` };
    }),
  };
  const file = join(folder, `products-${count}.json`);
  writeFileSync(file, JSON.stringify({ products: [gateway, sensors] }));
  return file;
}

export interface Many {
  stage: Stage;
  /** Waits for the first line of the console that fits; gives the match. */
  printed(wanted: RegExp): Promise<RegExpExecArray>;
}

export async function openMany(
  firmware: BuildResult,
  engine: Engine,
  count: number,
  interpreter?: string,
): Promise<Many> {
  const stage = await openStage({
    build: firmware,
    engine,
    ...(interpreter === undefined ? {} : { interpreter }),
    products: writeProducts(count),
    settings: { log: "warn", app: { count } },
  });
  let console = "";
  const lookers = new Set<() => void>();
  stage.board.onConsole((text) => {
    console += text;
    for (const look of lookers) look();
  });
  const printed = (wanted: RegExp) =>
    new Promise<RegExpExecArray>((resolve) => {
      const look = () => {
        const found = wanted.exec(console);
        if (!found) return;
        lookers.delete(look);
        resolve(found);
      };
      lookers.add(look);
      look();
    });
  return { stage, printed };
}
