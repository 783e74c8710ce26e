/**
 * What the command line of `npm run modem` asks for.
 * @module
 */
import { parseArgs } from "node:util";
import { families, familyOf } from "../modem/families/index.ts";
import { faultsOf, type ModemOptions } from "../modem/index.ts";
import { UsageError } from "./ota/access.ts";

export const HELP = `Usage: npm run modem -- [options]

Runs a simulated cellular module; prints the path of a terminal on which it answers AT commands.

  --family NAME   ${Object.keys(families).join(", ")} (EC600N)
  --paced         bytes take the time that they take at 115200 baud
  --link PATH     make a symbolic link to the terminal
  --fault NAME    a fault of the catalogue, e.g. F26.late; several: give it several times;
                  NAME@SECONDS later, NAME@/WORDS/ at the next command that holds these words
  --seed N        draw faults, the same ones for the same N
  --every SECONDS mean time between drawn faults (20; with --seed)
  --pin DIGITS    the SIM card wants this PIN
  --trace         show what passes on stderr, without secrets
  --faults        list the faults and end
  --help          this text
`;

export interface Settings {
  options: ModemOptions;
  link: string | undefined;
  faults: PlannedFault[];
  trace: boolean;
}

export interface PlannedFault {
  name: string;
  after?: number;
  command?: string;
}

/** @throws {UsageError} that names what is wrong */
export function readSettings(args: string[]): Settings | "help" | "faults" {
  const values = parse(args);
  if (values.help) return "help";
  if (values.faults) return "faults";
  const options: ModemOptions = {};
  if (values.family !== undefined) options.family = familyNamed(values.family);
  if (values.paced) options.paced = true;
  if (values.seed !== undefined) {
    const seed = numberOf("--seed", values.seed);
    options.seed = seed;
    options.faults = { seed, everyMs: 1000 * numberOf("--every", values.every ?? "20") };
  } else if (values.every !== undefined) {
    throw new UsageError("--every needs --seed");
  }
  if (values.pin !== undefined) {
    if (!/^\d{4,8}$/.test(values.pin)) throw new UsageError("--pin has to be 4 to 8 digits");
    options.sim = { pin: values.pin };
  }
  const faults = (values.fault ?? []).map(plannedFault);
  return { options, link: values.link, faults, trace: values.trace ?? false };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        family: { type: "string" },
        paced: { type: "boolean" },
        link: { type: "string" },
        fault: { type: "string", multiple: true },
        seed: { type: "string" },
        every: { type: "string" },
        pin: { type: "string" },
        trace: { type: "boolean" },
        faults: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function familyNamed(name: string) {
  try {
    return familyOf(name).name;
  } catch (error) {
    throw new UsageError(`--family: ${(error as Error).message}`);
  }
}

function numberOf(flag: string, text: string): number {
  if (/^\d{1,9}$/.test(text) && (flag !== "--every" || Number(text) > 0)) return Number(text);
  throw new UsageError(`${flag} is "${text}", but has to be a whole number`);
}

function plannedFault(text: string): PlannedFault {
  const [name = "", when] = text.split(/@(.*)/s);
  if (faultsOf(name).length === 0) {
    throw new UsageError(`--fault: there is no fault "${name}"; --faults lists them`);
  }
  if (when === undefined) return { name };
  const words = /^\/(.+)\/$/.exec(when)?.[1];
  if (words !== undefined) return { name, command: words };
  if (/^\d+$/.test(when)) return { name, after: 1000 * Number(when) };
  throw new UsageError(`--fault ${name}: "${when}" has to be seconds or /words/`);
}
