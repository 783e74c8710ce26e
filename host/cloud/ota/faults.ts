/**
 * Faults of the download that tests and demos switch on, for all packages or for one.
 * @module
 */

/** Everything is off when absent. Offsets and lengths are bytes. */
export interface Faults {
  /** Only the first so many responses (or blocks) are faulty; all when absent. */
  times?: number;

  // What devices are told.
  /** Members that replace those of the push's and the answer's `data`; undefined removes one. */
  data?: Record<string, unknown>;

  // HTTP.
  /** Answers 403, as for an expired address. */
  expired?: boolean;
  /** Answers with this status and an error text instead of the file, e.g. 500. */
  status?: number;
  /** Redirects (302) this often before the file comes; true: once. */
  redirect?: boolean | number;
  /** Where redirects lead instead; relative addresses too. */
  location?: string;
  /** Answers 200 with the whole file to requests with a range. */
  noRange?: boolean;
  /** Answers a request with a range from this offset of the file, whatever was asked for. */
  rangeFrom?: number;
  /** Cuts the connection after so many bytes of each body. */
  dropAfter?: number;
  /** Cuts the connection at each multiple of so many bytes of the file. */
  dropEvery?: number;
  /** Goes silent after so many bytes of each body and leaves the connection open. */
  stallAfter?: number;
  /** Inverts the file's byte at this offset; true: the one in the middle. Blocks over MQTT too. */
  wrongBytes?: boolean | number;
  /** Sends the body in chunks, without a length. */
  chunked?: boolean;
  /** Says a length that is so many bytes more (or less) than what comes. */
  lengthDelta?: number;
  /** Says neither length nor chunks: the end of the connection is the end of the body. */
  noLength?: boolean;
  /** Sends no body, and says so. */
  emptyBody?: boolean;

  // Blocks over MQTT.
  /** Sends a wrong CRC. */
  blockCrc?: boolean;
  /** Adds this to the block's offset; true: 1. */
  blockOffset?: boolean | number;
  /** Sends no answer. */
  blockLoss?: boolean;
  /** Leaves out the last bytes of the block, so that the lengths do not add up; true: 1. */
  blockShort?: boolean | number;
  /** Answers with this code and no data, e.g. 460. */
  blockCode?: number;
}

/** Faults by package, over those for all. */
export class FaultSwitches {
  /** Of all packages. */
  all: Faults = {};
  readonly #ofFirmware = new Map<string, Faults>();
  /** How many faulty answers each set of faults has caused. */
  readonly #used = new WeakMap<Faults, number>();

  /** Those of one package, or undefined to use those of all again. */
  set(firmwareId: string, faults: Faults | undefined): void {
    if (faults) this.#ofFirmware.set(firmwareId, faults);
    else this.#ofFirmware.delete(firmwareId);
  }

  get(firmwareId: string | undefined): Faults {
    return (firmwareId !== undefined && this.#ofFirmware.get(firmwareId)) || this.all;
  }

  /** How many faulty answers are left; undefined when their number is not limited. */
  left(firmwareId?: string): number | undefined {
    const faults = this.get(firmwareId);
    if (faults.times === undefined) return undefined;
    return Math.max(0, faults.times - (this.#used.get(faults) ?? 0));
  }

  /** The faults of the next answer: counts it when their number is limited. */
  take(firmwareId: string | undefined): Faults {
    const faults = this.get(firmwareId);
    if (faults.times === undefined) return faults;
    const used = this.#used.get(faults) ?? 0;
    if (used >= faults.times) return {};
    this.#used.set(faults, used + 1);
    return faults;
  }
}

/** The file's bytes from an offset on with the fault in them. */
export function spoil(bytes: Buffer, from: number, size: number, { wrongBytes }: Faults): Buffer {
  if (wrongBytes === undefined || wrongBytes === false) return bytes;
  const at = (wrongBytes === true ? size >> 1 : wrongBytes) - from;
  if (at < 0 || at >= bytes.length) return bytes;
  const spoiled = Buffer.from(bytes);
  spoiled[at] = 0xff ^ (spoiled[at] as number);
  return spoiled;
}
