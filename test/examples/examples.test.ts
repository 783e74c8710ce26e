import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe } from "node:test";
import { inProject } from "../../host/build/project.ts";

// Each example has its test in this folder, under its own name. They run in one process, for they share
// a bundle; most of their time they wait for one another's messages.
describe("examples", { concurrency: 3 }, async () => {
  const examples = readdirSync(inProject("examples")).filter((file) => file.endsWith(".ts"));
  for (const file of examples.sort()) await import(join(import.meta.dirname, file));
});
