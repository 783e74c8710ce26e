/**
 * The same snippets on the virtual board and, where it is present, on the interpreter: what they
 * print is the same. `contract/NAME.txt` is what the interpreter printed (see record.ts).
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import * as board from "../../boards/linux.ts";
import {
  createInterpreterBoard,
  createVirtualBoard,
  findInterpreter,
} from "../../host/board/index.ts";
import { readSnippets, runSnippet } from "./snippets.ts";

const folder = mkdtempSync(join(tmpdir(), "contract-"));
const interpreter = findInterpreter();
const virtualFlash = join(folder, "virtual.flash");
const virtual = createVirtualBoard({ board, flash: virtualFlash });
after(async () => {
  await virtual.close();
  rmSync(folder, { recursive: true });
});

describe("contract of the interpreter", () => {
  for (const { name, source, expected } of readSnippets()) {
    test(`${name} on the virtual board`, async () => {
      assert.equal(await runSnippet(virtual, virtualFlash, source, 3), expected);
    });
    test(`${name} on the interpreter`, {
      skip: interpreter === undefined && "no Espruino on this machine",
    }, async () => {
      const own = mkdtempSync(join(folder, "real-"));
      const flash = join(own, "espruino.flash");
      const real = createInterpreterBoard({ board, flash });
      try {
        assert.equal(await runSnippet(real, flash, source, 3), expected);
      } finally {
        await real.close();
      }
    });
  }
});
