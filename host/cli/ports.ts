/**
 * The ports that commands listen on.
 * @module
 */
import { createServer } from "node:net";
import { UsageError } from "./ota/access.ts";

/** Of the console, when it is free. */
export const CONSOLE_PORT = 8088;

/**
 * The port that a flag gives; without it the usual one, or 0 for any when that is taken.
 * @throws UsageError when it is no port.
 */
export async function choosePort(
  flag: string,
  given: string | undefined,
  usual: number,
  host = "127.0.0.1",
): Promise<number> {
  if (given === undefined) return (await isFree(usual, host)) ? usual : 0;
  const port = Number(given);
  if (/^\d+$/.test(given) && port <= 65_535) return port;
  throw new UsageError(`${flag} is "${given}", but has to be a port from 0 to 65535`);
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
