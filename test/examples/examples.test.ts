import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe } from "node:test";

const NO_EXAMPLES = ["board.ts", "examples.test.ts", "run.ts"];

// Most of their time they wait for one another's messages.
describe("examples", { concurrency: 3 }, async () => {
  for (const file of readdirSync(import.meta.dirname).sort()) {
    if (!NO_EXAMPLES.includes(file)) await import(join(import.meta.dirname, file));
  }
});
