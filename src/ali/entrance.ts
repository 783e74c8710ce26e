/**
 * Ways to log on besides the secret in the settings. Each is a module of `services/` that puts itself
 * here when the application imports it; without, it is in no bundle.
 * @module
 */

import type { Credentials } from "../mqtt/options.ts";
import type { AliConfig, Endpoint } from "./config.ts";

/** A way in; `AliIot` takes the one that its settings ask for. */
export interface Entrance {
  /**
   * Asked at each `connect()`; undefined: `admit` has to get them first. Throws an Error that names
   * the setting when they can't work.
   */
  credentials(config: AliConfig): Credentials | undefined;
  /**
   * Gets credentials, trying until it has or `stop()`: calls `done` once, and `failed` for each
   * failure. Nothing is called back before it returns.
   */
  admit?(
    config: AliConfig,
    done: (credentials: Credentials) => void,
    failed: (code: number, text: string) => void,
  ): void;
  stop?(): void;
  /** Opens the connection in place of `link/connection`. */
  dial?(at: Endpoint): EspruinoSocket;
  /** The platform refuses the credentials (CONNACK 4 or 5). */
  refused?(): void;
  /** Forgets what `admit` got; for the REPL's `ali.forget()`. */
  forget?(): string;
}

export const ways: { registration?: Entrance; certificate?: Entrance } = {};

/** The way that settings ask for; undefined: their own secret. Throws when it is not imported. */
export function wayOf(config: AliConfig): Entrance | undefined {
  if (config.x509) {
    if (!ways.certificate) missing("x509", "is set", "certificate");
    return ways.certificate;
  }
  if (config.deviceSecret) return undefined;
  if (!ways.registration) missing("deviceSecret", "is empty", "registration");
  return ways.registration;
}

function missing(field: string, what: string, file: string): never {
  const module = "src/ali/services/" + file + ".ts";
  throw new Error('AliIot: "' + field + '" ' + what + ": import " + module + " in the application");
}
