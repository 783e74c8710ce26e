/**
 * The type check that a build must pass: TypeScript 7 over exactly what the bundle holds.
 * @module
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { parse } from "node:path";
import { inProject, root } from "./project.ts";
import { type Aliases, pathsOf, typeFiles } from "./sources.ts";

/** A complaint about a source file; line and column count from 1. */
export interface Finding {
  /** Relative to the repository's root. */
  file: string;
  line: number;
  column: number;
  message: string;
}

/** `file:line:column message`, as editors and terminals link it. */
export function showFinding(finding: Finding): string {
  return `${finding.file}:${finding.line}:${finding.column} ${finding.message}`;
}

/**
 * Type errors of `entries` and all they import. Rejects when the compiler itself fails.
 */
export async function checkTypes(entries: string[], aliases: Aliases): Promise<Finding[]> {
  const config = JSON.stringify({
    extends: inProject("src/tsconfig.json"),
    compilerOptions: {
      composite: false,
      incremental: false,
      emitDeclarationOnly: false,
      noEmit: true,
      moduleDetection: "force",
      rootDir: parse(root).root,
      paths: pathsOf(aliases),
    },
    files: [...entries, ...typeFiles()],
    include: [],
  });
  const name = createHash("sha256").update(config).digest("hex").slice(0, 16);
  const file = inProject(".cache/check", `${name}.json`);
  mkdirSync(inProject(".cache/check"), { recursive: true });
  writeFileSync(file, config);
  const { code, output } = await run(["-p", file, "--pretty", "false"]);
  const findings = parseDiagnostics(output);
  if (code !== 0 && findings.length === 0) throw new Error(`tsc failed: ${output.trim()}`);
  return findings;
}

/** What the compiler advises where the interpreter, not a setting, is the limit. */
const TARGET_HINT =
  / (Do you need to change your target library\?|Try `npm i|Do you need to install).*$/;
const INTERPRETER_HINT = " The interpreter has none (src/types says what it has).";

/**
 * The compiler's program with its first arguments: that of this platform itself, which the script that is
 * called `tsc` only starts, in half of the whole time.
 */
function compiler(): [program: string, ...args: string[]] {
  const own = `node_modules/@typescript/typescript-${process.platform}-${process.arch}/lib/tsc`;
  const program = inProject(process.platform === "win32" ? `${own}.exe` : own);
  if (existsSync(program)) return [program];
  return [process.execPath, inProject("node_modules/typescript/bin/tsc")];
}

function run(args: string[]): Promise<{ code: number | null; output: string }> {
  const [program, ...first] = compiler();
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...first, ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

function parseDiagnostics(output: string): Finding[] {
  const findings: Finding[] = [];
  for (const line of output.split(/\r?\n/)) {
    const match = /^(.+?)\((\d+),(\d+)\): error (TS\d+: .*)$/.exec(line);
    if (match) {
      const [, file = "", row, column, message = ""] = match;
      const text = message.replace(TARGET_HINT, INTERPRETER_HINT);
      findings.push({ file, line: Number(row), column: Number(column), message: text });
    }
  }
  return findings;
}
