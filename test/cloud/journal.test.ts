/**
 * What the store has promised to keep before its database has it.
 * @module
 */
import assert from "node:assert/strict";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Journal, type Operation, readJournal } from "../../host/cloud/store/journal.ts";
import { LevelStore } from "../../host/cloud/store/level-store.ts";
import { prefixRange } from "../../host/cloud/store/ordered-store.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "journal-"));
});
after(() => rm(folder, { recursive: true }));

const put = (key: string, value: unknown): Operation => ({ key, json: JSON.stringify(value) });

test("both files are read in the order in which they were written; a torn line is left out", async () => {
  assert.deepEqual(readJournal(folder), [], "there is none yet");
  const journal = new Journal(folder);
  const [one, two, three] = [put("a\n1", "中\n"), put("b", { n: [1] }), put("c", null)];
  const gone = { key: "b", json: undefined };
  journal.append([one, two]);
  const written = journal.turn();
  journal.append([gone]);
  journal.append([three]);
  assert.deepEqual(readJournal(folder), [one, two, gone, three]);
  written();
  assert.deepEqual(readJournal(folder), [gone, three]);
  journal.turn();
  journal.append([two]);
  assert.deepEqual(readJournal(folder), [gone, three, two], "the other file is the older one now");
  await appendFile(join(folder, "journal-0"), '["d",{"n":');
  assert.deepEqual(readJournal(folder), [gone, three, two]);
  journal.close();
  new Journal(folder).close();
  assert.deepEqual(readJournal(folder), []);
});

test("what was put is in the journal until the database has it", async () => {
  const directory = join(folder, "state");
  const store = await LevelStore.open(directory);
  try {
    await Promise.all([store.put("a", 1), store.delete("b"), store.put("a", 2)]);
    const operations = [put("a", 1), { key: "b", json: undefined }, put("a", 2)];
    assert.deepEqual(readJournal(directory), operations, "in order");
    assert.equal(await store.get("a"), 2);
    assert.deepEqual(readJournal(directory), [], "the database has it");
  } finally {
    await store.close();
  }
});

test("the database gets what a killed process has left", async () => {
  const directory = join(folder, "left");
  await (await LevelStore.open(directory)).close();
  const journal = new Journal(directory);
  journal.append([put("a", 1), put("b", 2)]);
  journal.turn();
  journal.append([{ key: "a", json: undefined }, put("c", 3)]);
  journal.close();
  const store = await LevelStore.open(directory);
  try {
    assert.deepEqual(readJournal(directory), []);
    assert.deepEqual(await store.range(prefixRange("")), [
      ["b", 2],
      ["c", 3],
    ]);
  } finally {
    await store.close();
  }
});
