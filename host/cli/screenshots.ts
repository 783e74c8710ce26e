/**
 * `npm run screenshots`: takes the console's pictures for the documentation.
 * @module
 */
import { parseArgs } from "node:util";
import { inProject } from "../build/project.ts";
import { findChromium } from "../console/browser.ts";
import { takeScreenshots } from "../console/screenshots.ts";

const HELP = `Usage: npm run screenshots -- [options]

Runs the demo with a virtual board and takes pictures of its console.

  --out DIR   folder for the pictures (docs/images)
  --help      this text

Needs Chromium: on the PATH, or where $CHROMIUM says.
Exit codes: 0 taken, 1 failed or no Chromium, 2 wrong usage.
`;

async function main(): Promise<number> {
  let values: { out?: string; help?: boolean };
  try {
    ({ values } = parseArgs({ options: { out: { type: "string" }, help: { type: "boolean" } } }));
  } catch (error) {
    console.error(`screenshots: ${(error as Error).message}\nTry npm run screenshots -- --help`);
    return 2;
  }
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const chromium = findChromium();
  if (chromium === undefined) {
    console.error(
      "screenshots: no Chromium found; install it (Debian: apt-get install chromium) or name it in $CHROMIUM",
    );
    return 1;
  }
  await takeScreenshots(values.out ?? inProject("docs/images"), chromium, console.log);
  return 0;
}

process.exitCode = await main();
