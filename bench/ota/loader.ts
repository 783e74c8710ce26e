/**
 * How long the loader takes until the image's script begins.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlashImage } from "../../host/board/index.ts";
import { loadBoard } from "../../host/build/boards.ts";
import { build } from "../../host/build/index.ts";
import { packImage } from "../../host/image/image.ts";
import { type Engine, Run } from "../../test/mqtt/interpreter.ts";

/** Runs the loader again, as a boot file runs, and then only the digest that it needs. */
const SCRIPT = `
var code=require("Storage").read(".boot0"),t=getTime(),us;
eval(code);
us=Math.round((started-t)*1e6);
print("loader "+us);
t=getTime();
require("crypto").SHA256(require("Storage").read("factory",1024));
print("floor "+Math.round((getTime()-t)*1e6));
print("end");`;

/** Microseconds to the script of a factory image of `size` bytes, and of its SHA-256 alone. */
export async function measureLoader(
  engine: Engine,
  size: number,
): Promise<{ loader: number; floor: number }> {
  const folder = mkdtempSync(join(tmpdir(), "bench-loader-"));
  try {
    const { machine } = await loadBoard("linux");
    // Any script will do: the loader is built beside it.
    const entry = join(import.meta.dirname, "../../test/ota/device/bench.ts");
    const built = await build({ board: "linux", entry, outDir: folder, quiet: true });
    const path = join(folder, "espruino.flash");
    const image = FlashImage.open(path, machine);
    const main = Buffer.from("started=getTime()");
    image.reserveFile("area", 16384 + machine.flash.page);
    image.writeFile(".boot0", readFileSync(built.boot0));
    image.writeFile(
      "factory",
      packImage({
        board: "linux",
        module: "bench",
        version: "1",
        entries: [
          { name: "main.js", bytes: main },
          { name: "data", bytes: Buffer.alloc(size - 1024 - main.length, 1) },
        ],
      }),
    );
    image.close();
    const flash = readFileSync(path);
    const run = new Run(engine, SCRIPT, {}, (where) =>
      writeFileSync(join(where, "espruino.flash"), flash),
    );
    try {
      const figure = async (word: string) => Number(await run.line(word));
      return { loader: await figure("loader"), floor: await figure("floor") };
    } finally {
      await run.end();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
