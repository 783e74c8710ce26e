/**
 * Puts a built firmware and a device's settings into a flash image, as flashing a board does: the
 * loader, the factory image, empty slots for updates, the area for journal and settings.
 * @module
 */
import { readFileSync } from "node:fs";
import type { Machine } from "../../boards/board.ts";
import { PROJECT_NAME } from "../../src/app/project.ts";
import { FlashImage } from "../board/index.ts";
import type { BuildResult } from "../build/index.ts";
import { inProject } from "../build/project.ts";
import { firmwareEntries } from "../image/firmware.ts";
import { packImage } from "../image/image.ts";

const OURS = [".boot0", "firmware", "factory", "slot.a", "slot.b", "area", "queue"];
/** Bytes of journal and settings; of that, the journal. */
const AREA_BYTES = 16384;
const JOURNAL_BYTES = 8192;

export interface InstallOptions {
  /** Of the factory image; by default the project's. */
  version?: string;
  /** Private key in PEM that signs the factory image; unsigned without. */
  privateKey?: string;
  /** Certificate in PEM by which a modem verifies servers. */
  ca?: string;
  /** Further Storage files. */
  files?: Record<string, string>;
}

/** The version in `package.json`. */
export function projectVersion(): string {
  return JSON.parse(readFileSync(inProject("package.json"), "utf8")).version;
}

/** The image that a build is flashed as. */
export function factoryImage(
  machine: Machine,
  build: Pick<BuildResult, "board" | "firmware">,
  { version = projectVersion(), privateKey }: InstallOptions = {},
): Buffer {
  return packImage({
    board: build.board,
    module: PROJECT_NAME,
    version,
    entries: firmwareEntries(machine, readFileSync(build.firmware)),
    slotBytes: machine.flash.slotBytes,
    ...(privateKey === undefined ? {} : { privateKey }),
  });
}

/**
 * Writes all that to the flash image at `path`, made when it is missing. Another factory image than
 * the one there is what runs next: journal and slots are emptied. Files of the user's stay.
 */
export function installFirmware(
  path: string,
  machine: Machine,
  build: Pick<BuildResult, "board" | "boot0" | "firmware">,
  settings: Uint8Array | string | undefined,
  options: InstallOptions = {},
): void {
  const loader = readFileSync(build.boot0);
  const factory = factoryImage(machine, build, options);
  const image = FlashImage.open(path, machine);
  try {
    const isThere =
      equals(image.readFile(".boot0"), loader) && equals(image.readFile("factory"), factory);
    if (!isThere) layOut(image, machine, loader, factory);
    if (settings) image.writeFile("device.json", settings);
    if (options.ca !== undefined) image.writeFile("ca.pem", options.ca);
    for (const [name, content] of Object.entries(options.files ?? {})) {
      image.writeFile(name, content);
    }
  } finally {
    image.close();
  }
}

function equals(found: Uint8Array | undefined, wanted: Buffer): boolean {
  return found !== undefined && wanted.equals(found);
}

/** Storage from its start, in the order in which the firmware expects it. */
function layOut(image: FlashImage, machine: Machine, loader: Buffer, factory: Buffer): void {
  const { page, raw, slotBytes, storage } = machine.flash;
  const others = image.store
    .list()
    .filter(({ name }) => !OURS.includes(name))
    .map(({ name, flags }) => ({ name, flags, bytes: image.readFile(name) ?? new Uint8Array() }));
  // Settings that the firmware has taken over lie behind the journal.
  const at = storage.start + page + JOURNAL_BYTES;
  const hasArea = !raw && image.list()[0] === "area";
  const settings = hasArea ? image.flash.read(at, AREA_BYTES - JOURNAL_BYTES).slice() : undefined;
  image.store.eraseAll();
  if (raw) {
    for (let at = raw.start; at < raw.start + JOURNAL_BYTES; at += page) image.flash.erasePage(at);
  } else image.reserveFile("area", AREA_BYTES + page);
  if (settings) image.flash.write(at, settings);
  image.writeFile(".boot0", loader);
  image.writeFile("factory", factory);
  image.reserveFile("slot.a", slotBytes + page);
  image.reserveFile("slot.b", slotBytes + page);
  for (const { name, flags, bytes } of others) image.store.write(name, bytes, flags);
}
