/**
 * `npm run provision`: puts a device's settings into its board, changes some of them, shows them.
 * @module
 */
import { parseArgs } from "node:util";
import { boardNames } from "../build/boards.ts";
import {
  askSettings,
  hasSecret,
  maskSecrets,
  openTarget,
  type ProvisionOptions,
  parseAssignment,
  parseRemoval,
  provision,
  readSettingsFile,
  releaseBoard,
  type SettingChange,
  SettingsError,
  showSettings,
  type Target,
} from "../provision/index.ts";
import { Prompt } from "../provision/prompt.ts";
import { type Board, BoardError, choosePort, openBoard } from "../serial/index.ts";
import { UsageError } from "./ota/access.ts";

const usage = `usage: npm run provision -- [--port PORT] [--board NAME] WHAT… [options]
  --config FILE      all settings, of a device.json; its form is in host/provision/device.schema.json
  --set FIELD=VALUE  one field, e.g. qos=0, wifi[0].ssid=home; the others stay. "-" for VALUE: asked
                     for, or read from standard input, so that a secret is not seen
  --unset FIELD      take a field away
  --ask              ask for what a device needs; on a terminal
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
        ask: { type: "boolean", default: false },
        show: { type: "boolean", default: false },
        check: { type: "boolean", default: false },
        "no-restart": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const { config, set, unset, ask, show, check, board } = values;
    if (values.help) return values;
    if (board !== undefined && !boardNames().includes(board)) {
      throw new UsageError(`--board ${board}: expected one of ${boardNames().join(", ")}`);
    }
    if (check && config === undefined) throw new UsageError("--check goes with --config");
    if (config === undefined && set.length + unset.length === 0 && !ask && !show) {
      throw new UsageError("--config, --set, --unset, --ask or --show is missing");
    }
    if (ask && !new Prompt().isTerminal) throw new UsageError("--ask needs a terminal");
    return values;
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
}

type Options = ReturnType<typeof readOptions>;

/** The changes of `--set` and `--unset`. */
async function readChanges({ set = [], unset = [] }: Options): Promise<SettingChange[]> {
  const prompt = new Prompt();
  try {
    const changes: SettingChange[] = [];
    for (const text of set) {
      const field = text.slice(0, text.indexOf("="));
      const isAsked = text === `${field}=-`;
      const line = isAsked ? await prompt.line(`${field}: `, true) : undefined;
      if (isAsked && line === undefined) {
        throw new UsageError(`--set ${field}=-: standard input has no line for it`);
      }
      const change = parseAssignment(isAsked ? `${field}=${line}` : text);
      if (!isAsked && hasSecret(change)) {
        console.error(`${field} is a secret: --set ${field}=- does not show it here`);
      }
      changes.push(change);
    }
    return [...changes, ...unset.map(parseRemoval)];
  } finally {
    prompt.close();
  }
}

/** The changes of `--ask`; all settings where the board has none. */
async function askPerson(board: Board, target: Target): Promise<ProvisionOptions> {
  const old = await showSettings(board, target);
  const ask = async (question: string, secret: boolean) =>
    (await new Prompt().line(question, secret)) ?? "";
  const changes = await askSettings(old, target.device.link, ask, (text) => console.error(text));
  return old ? { changes } : { settings: {}, changes };
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
    const asked = options.ask ? await askPerson(board, target) : {};
    const wanted = {
      ...(settings ? { settings } : {}),
      ...asked,
      changes: [...(asked.changes ?? []), ...changes],
    };
    if (wanted.settings || wanted.changes.length > 0) {
      const noRestart = options["no-restart"] === true;
      const outcome = await provision(board, target, { ...wanted, noRestart });
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
