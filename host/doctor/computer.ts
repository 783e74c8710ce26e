/**
 * This computer: Node, what `npm ci` installs, rights on serial ports.
 * @module
 */
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { inProject } from "../build/project.ts";
import { listPorts, type PortChoice } from "../serial/index.ts";
import { type Check, fail, ok, warn } from "./check.ts";

/** `20.12.0` as numbers that can be compared. */
function versionNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return (major * 1000 + minor) * 1000 + patch;
}

/** @param version of Node, without the letter */
export function checkNode(version = process.versions.node): Check {
  const { engines } = JSON.parse(readFileSync(inProject("package.json"), "utf8"));
  const least = /\d+(\.\d+)*/.exec(engines.node)?.[0] ?? "";
  if (versionNumber(version) >= versionNumber(least)) return ok("node", `Node.js ${version}`);
  return fail("node", `Node.js ${version} is too old`, `Install ${least} or later (nodejs.org).`);
}

/** Compares what is installed with what the lock file says. */
export function checkDependencies(root = inProject()): Check {
  const read = (file: string) => JSON.parse(readFileSync(`${root}/${file}`, "utf8"));
  const wanted: string[] = Object.keys(read("package.json").devDependencies);
  const locked = read("package-lock.json").packages;
  const wrong = wanted.filter((name) => {
    const manifest = `node_modules/${name}/package.json`;
    if (!existsSync(`${root}/${manifest}`)) return true;
    return read(manifest).version !== locked[`node_modules/${name}`]?.version;
  });
  if (wrong.length === 0) return ok("dependencies", `${wanted.length} packages as locked`);
  const named = wrong.slice(0, 5).join(", ") + (wrong.length > 5 ? ", …" : "");
  return fail("dependencies", `missing or of another version: ${named}`, "Run npm ci.");
}

/** Whether this user may open the ports at which boards can be. */
export async function checkPorts(list: () => Promise<PortChoice[]> = listPorts): Promise<Check> {
  const found = await list();
  if (found.length === 0) return ok("ports", "no board on USB");
  const closed = found.filter(({ path }) => !mayOpen(path)).map(({ path }) => path);
  if (closed.length > 0) {
    return fail(
      "ports",
      `no right to use ${closed.join(", ")}`,
      "sudo usermod -aG dialout $USER, then log in again.",
    );
  }
  const paths = found.map(({ path, description }) => `${path} (${description})`);
  if (found.length === 1) return ok("ports", paths.join());
  return warn("ports", `several: ${paths.join(", ")}`, "Commands ask which one; --port names it.");
}

function mayOpen(path: string): boolean {
  if (process.platform === "win32") return true;
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
