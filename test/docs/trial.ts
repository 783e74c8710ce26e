/**
 * Tries the commands of the table that run.
 * @module
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { Stand } from "./stand.ts";
import { type Need, type Run, WAYS } from "./ways.ts";

async function prepare(stand: Stand, need: Need | undefined): Promise<void> {
  if (need === "build") await stand.build();
  else if (need === "platform") await stand.platform();
  else if (need === "image") await Promise.all([stand.image(), stand.platform()]);
  else if (need === "board") await Promise.all([stand.image(), stand.board()]);
}

async function check(stand: Stand, command: string, way: Run): Promise<void> {
  await prepare(stand, way.needs);
  const words = command.split(" ").map((word) => way.bind?.[word] ?? word);
  const port = way.more?.includes("@port") ? await stand.port() : "";
  const more = (way.more ?? []).map((word) => (word === "@port" ? port : word));
  const { code, text } = await stand.outcome(words.join(" "), more, way.until);
  assert.equal(code, way.code ?? 0, text);
  assert.match(text, way.shows);
}

/** A test for each command that runs and is chosen; `node` gives Node's arguments for its program. */
export function tryCommands(
  title: string,
  isChosen: (way: Run) => boolean,
  node?: (file: string) => string[],
): void {
  const stand = new Stand(node);
  after(() => stand.close());
  /** The turn of who uses the board's console, or has it updated: in the table's order. */
  let turn: Promise<unknown> = Promise.resolve();
  describe(title, { concurrency: 3 }, () => {
    for (const [command, way] of Object.entries(WAYS)) {
      if (way.kind !== "run" || !isChosen(way)) continue;
      test(command, { skip: way.skip ?? false }, () => {
        if (way.needs !== "board") return check(stand, command, way);
        const mine = turn.then(() => check(stand, command, way));
        turn = mine.catch(() => {});
        return mine;
      });
    }
  });
}
