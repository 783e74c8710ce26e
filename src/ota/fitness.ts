/**
 * Whether a package and its image suit this board. Each function says what does not, in words for
 * the platform's progress report; nothing when all does.
 * @module
 */
import { device } from "#board";
import type { Slot } from "../store/containers.ts";
import { HEADER_BYTES, type ImageHeader } from "./image.ts";
import { isBare, type OtaPackage } from "./package.ts";

/** What the push alone tells; `slot` is where the image would go. */
export function packageMisfit(pkg: OtaPackage, slot: Slot | undefined): string {
  if (!slot) return "this board was flashed without slots for updates";
  const bare = isBare(pkg);
  if (bare && device.keys.length > 0) return "no signed header among the files";
  const size = pkg.size + (bare ? HEADER_BYTES : 0);
  if (size <= slot.length) return "";
  return "the image has " + size + " bytes, the slot holds " + slot.length;
}

/** What the image's header tells; `security` is the board's counter. */
export function imageMisfit(header: ImageHeader, pkg: OtaPackage, security: number): string {
  if (header.board !== device.name) {
    return 'the image is for board "' + header.board + '", this is "' + device.name + '"';
  }
  if (header.module !== pkg.module) {
    return 'the image is of module "' + header.module + '", the package of "' + pkg.module + '"';
  }
  if (header.version !== pkg.version) {
    return "the image is version " + header.version + ", the package " + pkg.version;
  }
  if (header.security >= security) return "";
  return "security version " + header.security + " is below this board's " + security;
}
