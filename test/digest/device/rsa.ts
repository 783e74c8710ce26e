/**
 * Checks signatures one after another and prints what it makes of them, with what the work takes.
 * @module
 */
import { verifyRsa } from "../../../src/digest/rsa.ts";
import { hexToBytes } from "../../../src/text/hex.ts";

/** Modulus in base64, signature and digest in hexadecimal. */
type Case = [string, string, string];
const settings: { cases: Case[]; watch?: boolean } = global.settings;

let index = 0;
let before = 0;
let since = 0;
let peak = 0;
let longest = 0;
let last = 0;

/** Runs between the work's turns. */
function watch(): void {
  const now = getTime();
  const usage = process.memory(false).usage - before;
  if (usage > peak) peak = usage;
  if (now - last > longest) longest = now - last;
  last = getTime();
}

function next(): void {
  if (index === settings.cases.length) {
    print("done");
    return;
  }
  const one = settings.cases[index];
  const signature = hexToBytes(one[1]);
  const digest = hexToBytes(one[2]);
  before = settings.watch ? process.memory().usage : 0;
  peak = 0;
  longest = 0;
  since = getTime();
  last = since;
  const watching = settings.watch ? setInterval(watch, 1) : 0;
  try {
    verifyRsa(one[0], signature, digest, (ok) => {
      if (watching) clearTimeout(watching);
      report(ok ? "good" : "bad");
    });
  } catch (error) {
    if (watching) clearTimeout(watching);
    report("error " + (error as Error).message);
  }
}

function report(result: string): void {
  const took = (getTime() - since) * 1000;
  print("case " + index + " " + result);
  print("took " + took.toFixed(1) + " " + (longest * 1000).toFixed(2) + " " + peak);
  index++;
  setTimeout(next, 0);
}

next();
