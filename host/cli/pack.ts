/**
 * `npm run pack`: makes the image of a board's firmware for the OTA console, looks into one, makes
 * signing keys.
 * @module
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { PROJECT_NAME } from "../../src/app/project.ts";
import { boardNames, loadBoard } from "../build/boards.ts";
import { inProject } from "../build/project.ts";
import { firmwareEntries } from "../image/firmware.ts";
import { type PackOptions, packFiles, packImage, readImage } from "../image/image.ts";
import { generateKey, publicModulus } from "../image/keys.ts";
import { figures, headerLines, signatureLine } from "../image/report.ts";
import { checkSecurity, checkWord } from "../image/rules.ts";
import { buildId, keepForGood } from "../trace/index.ts";

const usage = `usage: npm run pack -- --board NAME --version V [options] [FILE…]
  --board NAME      ${boardNames().join(" or ")}
  --app FILE        the application, a module that exports startApp (src/app/app.ts)
  --version V       as the platform shall know it, e.g. 1.1.0
  --module NAME     the OTA module (${PROJECT_NAME})
  --security N      counter below which a board takes no image any more (0)
  --key FILE        RSA-2048 private key in PEM that signs the image
  --out FILE        (dist/NAME/MODULE-V.bin)
  --split DIR       write a multi-file package's files to DIR instead
  FILE…             further entries, named by the file's name
or:    npm run pack -- --inspect IMAGE [--key FILE]
or:    npm run pack -- --new-key FILE`;

/** A command line, or a file it names, that can't be used. */
class UsageError extends Error {}

function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        board: { type: "string" },
        app: { type: "string" },
        version: { type: "string" },
        module: { type: "string", default: PROJECT_NAME },
        security: { type: "string", default: "0" },
        key: { type: "string" },
        out: { type: "string" },
        split: { type: "string" },
        inspect: { type: "string" },
        "new-key": { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

type Options = ReturnType<typeof readOptions>["values"];

/** Runs what fails for reasons that lie with the user. */
function asked<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new UsageError(what + (error as Error).message);
  }
}

const read = (file: string) => asked("", () => readFileSync(file));

/** The private key of `--key`, and its modulus. */
function readKey(file: string | undefined): { pem: string; modulus: string } | undefined {
  if (file === undefined) return undefined;
  const pem = read(file).toString("latin1");
  return { pem, modulus: asked(`--key ${file}: `, () => publicModulus(pem)) };
}

function newKey(file: string): void {
  const pem = generateKey();
  // Never over an older key: boards may know it.
  asked("--new-key: ", () => writeFileSync(file, pem, { mode: 0o600, flag: "wx" }));
  console.log(`${file} is the private key: keep it secret, and keep a copy.`);
  console.log("For `keys` in the board's file:\n");
  console.log(`"${publicModulus(pem)}",`);
}

async function inspect(file: string, options: Options): Promise<boolean> {
  const image = read(file);
  const key = readKey(options.key);
  const found = readImage(image);
  for (const text of [file, ...figures(image), ...headerLines(found)]) console.log(text);
  const problems = [...found.problems];
  const name = found.header?.board;
  if (name !== undefined && boardNames().includes(name)) {
    const { device } = await loadBoard(name);
    const { slotBytes } = device.flash;
    const signature = signatureLine(image, found, device.keys, key ? [key.modulus] : []);
    console.log(signature.text);
    if (!signature.accepted) problems.push("the board refuses its signature");
    if (image.length > slotBytes) {
      problems.push(`it takes ${image.length} bytes: a slot of ${name} holds ${slotBytes}`);
    }
  } else if (found.header) {
    problems.push(`board "${name}" is none of ${boardNames().join(", ")}`);
  }
  for (const problem of problems) console.log(`  Problem   ${problem}`);
  return problems.length === 0;
}

function write(file: string, bytes: Uint8Array): void {
  asked("", () => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  });
}

async function pack(options: Options, files: string[]): Promise<void> {
  const { board, version, module } = options;
  if (board === undefined || !boardNames().includes(board)) {
    throw new UsageError(`--board ${board ?? ""}: expected one of ${boardNames().join(", ")}`);
  }
  if (version === undefined) throw new UsageError("--version: expected one, e.g. 1.1.0");
  if (!/^\d+$/.test(options.security)) {
    throw new UsageError(`--security ${options.security}: expected a whole number`);
  }
  const security = Number(options.security);
  asked("--", () => {
    checkWord("version", version);
    checkWord("module", module);
    checkSecurity(security);
  });
  const key = readKey(options.key);
  const further = files.map((file) => ({ name: basename(file), bytes: read(file) }));
  const { device, machine } = await loadBoard(board);
  const packed = (script: Uint8Array): PackOptions => ({
    board,
    module,
    version,
    security,
    entries: [...firmwareEntries(machine, script), ...further],
    slotBytes: device.flash.slotBytes,
    ...(key ? { privateKey: key.pem } : {}),
  });
  // What can be refused before the build should be; the compiler is loaded only now, too.
  asked("", () => packImage(packed(Buffer.from("0"))));
  const { build } = await import("../build/index.ts");
  const built = await build({ board, app: options.app, quiet: true });
  const script = readFileSync(built.firmware);
  // Traces of what runs in the field are to be read for as long as it does.
  keepForGood(board, buildId(script), `${module} ${version}`);
  const parts = packed(script);
  const image = asked("", () => packImage(parts));
  const outputs =
    options.split === undefined
      ? [
          {
            name: options.out ?? inProject("dist", board, `${module}-${version}.bin`),
            bytes: image,
          },
        ]
      : asked("", () => packFiles(parts)).map(({ name, bytes }) => {
          return { name: join(options.split as string, name), bytes };
        });
  const found = readImage(image);
  for (const { name, bytes } of outputs) {
    write(name, bytes);
    for (const text of [name, ...figures(bytes)]) console.log(text);
  }
  const signature = signatureLine(image, found, device.keys, key ? [key.modulus] : []);
  for (const text of [...headerLines(found), signature.text]) console.log(text);
}

async function main(): Promise<number> {
  const { values, positionals } = readOptions();
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (values.inspect !== undefined) return (await inspect(values.inspect, values)) ? 0 : 1;
  if (values["new-key"] !== undefined) newKey(values["new-key"]);
  else await pack(values, positionals);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  if (error instanceof UsageError) console.error(usage);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
