/**
 * Changes that the database does not have yet, a line each. They are with the operating system when
 * `append` returns, and so outlive a kill of the process; that costs a small part of a write of the
 * database. Two files take turns: one takes lines while the other's are written to the database.
 * @module
 */
import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";

export interface Operation {
  key: string;
  /** JSON; undefined: the key goes. */
  json: string | undefined;
}

interface File {
  descriptor: number;
  /** Bytes of whole lines. */
  size: number;
}

const NAMES = ["journal-0", "journal-1"];

export class Journal {
  #current: File;
  #other: File;
  /** How often files have begun; stands in their first lines. */
  #begun = 0;

  /** Empties what is in the directory; see `readJournal`. */
  constructor(directory: string) {
    const [current, other] = NAMES.map((name) => {
      return { descriptor: openSync(join(directory, name), "w", 0o600), size: 0 };
    });
    this.#current = current as File;
    this.#other = other as File;
  }

  /** @throws when the disk is full, or fails */
  append(operations: Operation[]): void {
    const file = this.#current;
    let text = file.size === 0 ? `${++this.#begun}\n` : "";
    for (const { key, json } of operations) {
      const name = JSON.stringify(key);
      text += json === undefined ? `[${name}]\n` : `[${name},${json}]\n`;
    }
    const bytes = Buffer.from(text);
    // The next lines replace what is left of a write that failed.
    for (let sent = 0; sent < bytes.length; ) {
      sent += writeSync(file.descriptor, bytes, sent, bytes.length - sent, file.size + sent);
    }
    file.size += bytes.length;
  }

  /**
   * To be called when all that was appended goes to the database; gives what is to be called when it is
   * there, and before the next turn.
   */
  turn(): () => void {
    [this.#current, this.#other] = [this.#other, this.#current];
    const written = this.#other;
    return () => {
      ftruncateSync(written.descriptor);
      written.size = 0;
    };
  }

  close(): void {
    for (const { descriptor } of [this.#current, this.#other]) closeSync(descriptor);
  }
}

/** What a process has left that was killed, in order. */
export function readJournal(directory: string): Operation[] {
  const files = NAMES.map((name) => join(directory, name)).filter((file) => existsSync(file));
  const texts = files.map((file) => readFileSync(file, "utf8"));
  texts.sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10));
  return texts.filter((text) => text !== "").flatMap(readLines);
}

/** Whole lines alone count: a kill may have cut the last one. */
function readLines(text: string): Operation[] {
  const operations: Operation[] = [];
  for (const line of text.split("\n").slice(1, -1)) {
    try {
      const [key, value] = JSON.parse(line) as [string, unknown];
      operations.push({ key, json: JSON.stringify(value) });
    } catch {
      // Behind it is what was left of a write that failed.
      break;
    }
  }
  return operations;
}
