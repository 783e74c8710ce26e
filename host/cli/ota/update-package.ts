/**
 * What is to be uploaded: an image, or the files of one, and what its header says.
 * @module
 */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { readImage } from "../../image/image.ts";
import { UsageError } from "./access.ts";

export interface UpdatePackage {
  module: string;
  version: string;
  board: string;
  signed: boolean;
  files: { name: string; bytes: Buffer }[];
}

/**
 * Reads one image, or the header and entries of one that is distributed as several files.
 * @throws UsageError that names the file and what is wrong with it.
 */
export async function readPackage(paths: readonly string[]): Promise<UpdatePackage> {
  const files: UpdatePackage["files"] = [];
  for (const path of paths) files.push({ name: basename(path), bytes: await read(path) });
  const [first] = files;
  if (!first) throw new UsageError("which image? Make one with npm run pack");
  const whole = Buffer.concat(files.map(({ bytes }) => bytes));
  const { header, signed, problems } = readImage(whole);
  if (!header || problems.length > 0) {
    const order = files.length > 1 ? " (the header's file comes first, the entries follow)" : "";
    throw new UsageError(`${paths.join(", ")}: ${problems.join("; ")}${order}`);
  }
  const { module, version, board } = header;
  return { module, version, board, signed, files };
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`${path} can't be read: ${(error as Error).message}`);
  }
}
