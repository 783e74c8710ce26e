/**
 * The packages that the power-cut runs offer: a good image, one that fails, bare files.
 * @module
 */
import { readFileSync } from "node:fs";
import type { BuildResult } from "../../host/build/index.ts";
import { packImage } from "../../host/image/image.ts";
import { PROJECT_NAME } from "../../src/app/project.ts";
import type { Offer } from "./platform.ts";

function image(build: BuildResult, version: string, script: Buffer): Buffer {
  return packImage({
    board: build.board,
    module: PROJECT_NAME,
    version,
    entries: [{ name: "main.js", bytes: script }],
  });
}

/** The firmware itself under a new version, every page of it unlike that of another version. */
export function good(build: BuildResult, version: string): Offer {
  // Another length moves all that follows; it has to be short, for slots are nearly full.
  const remark = Buffer.from(`/*${".".repeat(Number.parseInt(version.slice(2), 10) % 7)}*/\n`);
  const bytes = image(build, version, Buffer.concat([remark, readFileSync(build.firmware)]));
  return { version, files: [{ name: "image.bin", bytes }] };
}

/** An image that ends with an exception while it is loaded. */
export function bad(build: BuildResult, version: string): Offer {
  const script = Buffer.from('print("bad image");\nnothing.of.the.kind();\n');
  return { version, files: [{ name: "image.bin", bytes: image(build, version, script) }] };
}

/** The firmware as one of two bare files, which become one image on the board. */
export function bare(build: BuildResult, version: string): Offer {
  return {
    version,
    files: [
      { name: "table.bin", bytes: Buffer.alloc(1500, "0123456789") },
      { name: "main.js", bytes: readFileSync(build.firmware) },
    ],
  };
}
