/**
 * What all parts of a running module share.
 * @module
 */
import type { ModemClock } from "./clock.ts";
import type { Family } from "./families/family.ts";
import type { Hooks } from "./hooks.ts";
import type { ModemNetwork } from "./network/network.ts";
import type { Nvram } from "./nvram.ts";
import type { ModemOptions } from "./options.ts";
import type { Timing } from "./timing.ts";

export interface Kernel {
  readonly clock: ModemClock;
  readonly network: ModemNetwork;
  readonly family: Family;
  readonly timing: Timing;
  readonly options: ModemOptions;
  readonly nvram: Nvram;
  readonly hooks: Hooks;
  readonly random: () => number;
  /** Calls later, unless the module goes down before. */
  after(ms: number, call: () => void): () => void;
  /** Sends bytes to the host. */
  write(bytes: string): void;
  /** Sends an unsolicited result; `data` follows its line as it is. */
  urc(line: string, data?: string): void;
}
