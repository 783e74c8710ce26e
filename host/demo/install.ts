/**
 * Puts a built firmware and a device's settings into a flash image, as flashing a board does.
 * @module
 */
import { readFileSync } from "node:fs";
import type { Machine } from "../../boards/board.ts";
import { FlashImage } from "../board/index.ts";
import type { BuildResult } from "../build/index.ts";

/**
 * Writes loader, firmware and, where given, `device.json` to the image at `path`, made when it is
 * missing.
 */
export function installFirmware(
  path: string,
  machine: Machine,
  build: Pick<BuildResult, "boot0" | "firmware">,
  settings: Uint8Array | string | undefined,
): void {
  const image = FlashImage.open(path, machine);
  try {
    image.writeFile(".boot0", readFileSync(build.boot0));
    image.writeFile("firmware", readFileSync(build.firmware));
    if (settings) image.writeFile("device.json", settings);
  } finally {
    image.close();
  }
}
