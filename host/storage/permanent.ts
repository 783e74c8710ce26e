/**
 * Files that are the firmware's own: they keep their place in flash for as long as it is installed.
 * @module
 */

/** A file that is not there, or that is left alone unless it is forced. */
export class StorageRefusal extends Error {
  readonly exitCode = 1;

  constructor(message: string) {
    super(message);
    this.name = "StorageRefusal";
  }
}

/** What each is, for messages. */
const PERMANENT: Record<string, string> = {
  ".boot0": "the loader",
  factory: "the image that came by cable",
  "slot.a": "room for an update",
  "slot.b": "room for an update",
  queue: "reports that wait for the connection",
  area: "journal and settings, secrets included",
};
/** The one that holds secrets. */
const SECRET = "area";
const SETTINGS = "device.json";

export function isPermanent(name: string): boolean {
  return Object.hasOwn(PERMANENT, name);
}

/** @throws StorageRefusal for a file of the firmware's */
export function checkWrite(name: string, force: boolean): void {
  if (force) return;
  if (isPermanent(name)) {
    throw new StorageRefusal(
      `${name} is the firmware's (${PERMANENT[name]}) and stays as it is: ./flash.sh writes it, ` +
        "--force does it all the same",
    );
  }
  if (name === SETTINGS) {
    throw new StorageRefusal(
      `${name} holds settings: npm run provision checks them and keeps them out of sight, ` +
        "--force does it all the same",
    );
  }
}

/** @throws StorageRefusal for a file that holds secrets */
export function checkRead(name: string, force: boolean): void {
  if (force || (name !== SECRET && name !== SETTINGS)) return;
  throw new StorageRefusal(
    `${name} holds the device's secrets: npm run provision -- --show hides them, ` +
      "--force does it all the same",
  );
}
