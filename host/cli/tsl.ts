/**
 * `npm run tsl`: makes TypeScript from a product's thing model, and says what the platform would
 * answer to a message.
 * @module
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { parseArgs } from "node:util";
import { describeFault } from "../cloud/thing/tsl-faults.ts";
import {
  checkSample,
  generateTypes,
  ModelError,
  mergeModules,
  missingModules,
  readModel,
} from "../tsl/index.ts";
import { UsageError } from "./ota/access.ts";

const usage = `usage: npm run tsl -- FILE… [--out FILE] [--check SAMPLE [--method NAME]] [--json]
  FILE…           thing models as the console exports them: the default module, custom modules
  --out FILE      where the TypeScript goes, e.g. src/app/model.ts; without it, to the terminal
  --check SAMPLE  says what the platform answers to this message instead ("-": standard input):
                  an Alink message, a device's answer to a service, or properties alone
  --method NAME   what a sample without "method" is, e.g. thing.event.low_power_alarm.post
  --json          the outcome as JSON
exit codes: 0 done, or the platform takes the sample; 1 a fault; 2 the command line`;

function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        out: { type: "string" },
        check: { type: "string" },
        method: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

type Options = ReturnType<typeof readOptions>["values"];

function generate(model: Record<string, unknown>, files: string[], options: Options): void {
  const text = generateTypes(
    model,
    files.map((file) => basename(file)),
  );
  const { out, json } = options;
  if (out === undefined) {
    process.stdout.write(text);
    return;
  }
  const changed = !existsSync(out) || readFileSync(out, "utf8") !== text;
  if (changed) {
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, text);
  }
  if (json) console.log(JSON.stringify({ out, changed }));
  else console.log(`${out}: ${changed ? "written" : "unchanged"}`);
}

async function check(
  model: Record<string, unknown>,
  sample: string,
  options: Options,
): Promise<boolean> {
  const bytes = readFileSync(sample === "-" ? 0 : sample);
  const verdict = await checkSample(model, bytes, options.method);
  if (options.json) {
    console.log(JSON.stringify(verdict));
    return verdict.accepted;
  }
  const { topic, reply, note, accepted } = verdict;
  console.log(`message  ${topic}`);
  if (reply) console.log(`answer   ${reply.topic}\n         ${JSON.stringify(reply.payload)}`);
  for (const remark of note === "" ? [] : note.split(", ")) console.log(`remark   ${remark}`);
  console.log(accepted ? "The platform takes it." : "The platform does not take all of it.");
  return accepted;
}

async function main(): Promise<number> {
  const { values, positionals } = readOptions();
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length === 0) throw new UsageError("FILE is missing: a thing model");
  if (values.check === undefined && values.method !== undefined) {
    throw new UsageError("--method goes with --check");
  }
  try {
    const model = mergeModules(positionals.map((file) => ({ file, json: readModel(file) })));
    for (const module of missingModules(model)) {
      console.error(`module "${module}" is left out: give its file, too`);
    }
    if (values.check !== undefined && !(await check(model, values.check, values))) return 1;
    if (values.check === undefined || values.out !== undefined) {
      generate(model, positionals, values);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof ModelError) || !values.json) throw error;
    const faults = error.faults.map((fault) => ({ ...fault, text: describeFault(fault) }));
    console.log(JSON.stringify({ file: error.file, faults }));
    return 1;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  if (error instanceof UsageError) console.error(usage);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
