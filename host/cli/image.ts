/**
 * `npm run image`: looks into images, checks them, compares two.
 * @module
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { boardNames, loadBoard } from "../build/boards.ts";
import { diffImages } from "../image/diff.ts";
import { readImage } from "../image/image.ts";
import { type ImageReport, inspectImage } from "../image/inspect.ts";
import { modulusOf } from "../image/public-key.ts";
import { diffLines, imageLines } from "../image/show.ts";

const usage = `usage: npm run image -- inspect FILE…         what is in them
       npm run image -- verify FILE…          whether the board that they name would take them
       npm run image -- diff OLD NEW          header, entries, sizes
  --key FILE   who must have signed: RSA-2048 key in PEM, public or private (the board file's keys)
  --json       for scripts
  --help       this text
Exit code: 0 good, or no difference; 1 not good, or different; 2 wrong use, or a file can't be read.`;

class UsageError extends Error {}

function asked<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new UsageError(what + (error as Error).message);
  }
}

const readOptions = () =>
  asked("", () =>
    parseArgs({
      allowPositionals: true,
      options: {
        key: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }),
  );

async function inspect(file: string, key: string | undefined): Promise<ImageReport> {
  const image = asked("", () => readFileSync(file));
  const name = readImage(image).header?.board;
  const isKnown = name !== undefined && boardNames().includes(name);
  const board = isKnown ? (await loadBoard(name)).device : undefined;
  const keys = key && [asked(`--key ${key}: `, () => modulusOf(readFileSync(key, "utf8")))];
  return inspectImage(image, { board, ...(keys ? { keys } : {}) });
}

async function main(): Promise<number> {
  const { values, positionals } = readOptions();
  const { key, json, help } = values;
  const [command, ...files] = positionals;
  if (help) {
    console.log(usage);
    return 0;
  }
  const print = (value: object, lines: string[]) =>
    console.log(json ? JSON.stringify(value) : lines.join("\n"));
  const reports: { file: string; report: ImageReport }[] = [];
  for (const file of files) reports.push({ file, report: await inspect(file, key) });
  const [one, two] = reports;
  if (command === "diff") {
    if (!one || !two || reports.length > 2) throw new UsageError("diff: expected two files");
    const diff = diffImages(one.report, two.report);
    print({ from: one.file, to: two.file, ...diff }, diffLines(one.file, two.file, diff));
    return diff.same ? 0 : 1;
  }
  if (command !== "inspect" && command !== "verify") {
    throw new UsageError(`${command ?? "no command"}: expected inspect, verify or diff`);
  }
  if (!one) throw new UsageError(`${command}: expected a file`);
  for (const { file, report } of reports) {
    const { problems } = report;
    const verdict = [`${file}: ${problems.length === 0 ? "good" : problems.join("; ")}`];
    print({ file, ...report }, command === "verify" ? verdict : imageLines(file, report));
  }
  const isBad = ({ report }: { report: ImageReport }) =>
    command === "verify" ? report.problems.length > 0 : !report.header;
  return reports.some(isBad) ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n${usage}` : error);
  process.exitCode = isUsage ? 2 : 1;
}
