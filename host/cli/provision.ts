/**
 * `npm run provision`: puts a device's settings into its board, changes some of them, shows them.
 * @module
 */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { parseArgs } from "node:util";
import { boardNames } from "../build/boards.ts";
import {
  hasSecret,
  maskSecrets,
  openTarget,
  parseAssignment,
  parseRemoval,
  provision,
  readSettingsFile,
  releaseBoard,
  type SettingChange,
  SettingsError,
  showSettings,
} from "../provision/index.ts";
import { BoardError, choosePort, openBoard } from "../serial/index.ts";
import { UsageError } from "./ota/access.ts";

const usage = `usage: npm run provision -- [--port PORT] [--board NAME] WHAT… [options]
  --config FILE      all settings, of a device.json; its form is in host/provision/device.schema.json
  --set FIELD=VALUE  one field, e.g. qos=0, wifi[0].ssid=home; the others stay. "-" for VALUE: asked
                     for, or read from standard input, so that a secret is not seen
  --unset FIELD      take a field away
  --show             the board's settings, secrets hidden
options:
  --port PORT        /dev/tty…, COM… or tcp://host:port; without it the only board there is
  --board NAME       ${boardNames().join(", ")}; without it found out
  --no-restart       let the board go on; the settings count from its next start on
  --check            only check, with --config: no board is needed
  --json             the outcome as JSON
exit codes: 0 done; 1 the settings don't work; 2 the command line; 3 no port; 4 it can't be opened;
5 the board is silent; 7 it was lost; 8 it refuses`;

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string" },
        board: { type: "string" },
        config: { type: "string" },
        set: { type: "string", multiple: true, default: [] },
        unset: { type: "string", multiple: true, default: [] },
        show: { type: "boolean", default: false },
        check: { type: "boolean", default: false },
        "no-restart": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const { config, set, unset, show, check, board } = values;
    if (values.help) return values;
    if (board !== undefined && !boardNames().includes(board)) {
      throw new UsageError(`--board ${board}: expected one of ${boardNames().join(", ")}`);
    }
    if (check && config === undefined) throw new UsageError("--check goes with --config");
    if (config === undefined && set.length + unset.length === 0 && !show) {
      throw new UsageError("--config, --set, --unset or --show is missing");
    }
    return values;
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
}

type Options = ReturnType<typeof readOptions>;

/** Lines of standard input, or what is typed on the terminal, unseen. */
class Secrets {
  private input: ReturnType<typeof createInterface> | undefined;
  private lines: AsyncIterator<string> | undefined;

  close(): void {
    this.input?.close();
  }

  async read(field: string): Promise<string> {
    if (!process.stdin.isTTY) {
      this.input ??= createInterface({ input: process.stdin });
      this.lines ??= this.input[Symbol.asyncIterator]();
      const { value, done } = await this.lines.next();
      if (done) throw new UsageError(`--set ${field}=-: standard input has no line for it`);
      return value;
    }
    const unseen = new Writable({ write: (_bytes, _encoding, done) => done() });
    const terminal = createInterface({ input: process.stdin, output: unseen, terminal: true });
    process.stderr.write(`${field}: `);
    try {
      return await terminal.question("");
    } finally {
      terminal.close();
      process.stderr.write("\n");
    }
  }
}

async function readChanges({ set = [], unset = [] }: Options): Promise<SettingChange[]> {
  const secrets = new Secrets();
  const changes: SettingChange[] = [];
  for (const text of set) {
    const field = text.slice(0, -2);
    const isAsked = text.endsWith("=-");
    const change = parseAssignment(isAsked ? `${field}=${await secrets.read(field)}` : text);
    if (!isAsked && hasSecret(change)) {
      console.error(
        `${text.slice(0, text.indexOf("="))} is a secret: with "-" it is not seen here`,
      );
    }
    changes.push(change);
  }
  secrets.close();
  return [...changes, ...unset.map(parseRemoval)];
}

function print(options: Options, json: object, text: string): void {
  console.log(options.json ? JSON.stringify(json) : text);
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const { config } = options;
  const settings = config === undefined ? undefined : readSettingsFile(config);
  if (options.check) {
    print(options, { ok: true }, `${config}: a device can work with it`);
    return 0;
  }
  const changes = await readChanges(options);
  const tell = (text: string) => console.error(text);
  const board = await openBoard(await choosePort(options.port, { tell }));
  try {
    const target = await openTarget(board, options.board);
    if (settings || changes.length > 0) {
      const { "no-restart": noRestart } = options;
      const outcome = await provision(board, target, {
        ...(settings ? { settings } : {}),
        changes,
        noRestart,
      });
      if (!options.show || !options.json) print(options, outcome, describe(outcome));
      if (outcome.runs === false) return 1;
    }
    if (options.show) {
      const shown = await showSettings(board, target);
      const text = shown
        ? JSON.stringify(maskSecrets(shown), null, 2)
        : "the board has no settings";
      print(options, { board: target.device.name, settings: shown ?? null }, text);
    }
    await releaseBoard(board);
    return 0;
  } finally {
    await board.close();
  }
}

function describe({ board, runs, complaint }: Awaited<ReturnType<typeof provision>>): string {
  if (runs === true) return `${board}: the firmware runs with these settings`;
  if (runs === undefined)
    return `${board}: the settings are kept, and count from the next start on`;
  return `${board}: the settings are kept, but the firmware does not start: ${complaint ?? "it says nothing"}`;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  if (error instanceof UsageError) console.error(usage);
  const known = error instanceof BoardError || error instanceof SettingsError;
  process.exitCode = known ? error.exitCode : error instanceof UsageError ? 2 : 1;
}
