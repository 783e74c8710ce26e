/**
 * Journal, slots, settings and the choice on a Storage of its own; prints what comes of it.
 * @module
 */
import { armTrial, confirmTrial, readChoice } from "../../../src/store/choice.ts";
import { findContainer, openArea, openSlot } from "../../../src/store/containers.ts";
import { erasePage, flashCounts, writeFlash } from "../../../src/store/flash.ts";
import { Journal } from "../../../src/store/journal.ts";
import { readSettings } from "../../../src/store/settings.ts";
import { runSteps } from "../steps.ts";

const storage = require("Storage");

function refusal(work: () => void): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing refused";
}

function prepare(): void {
  storage.write("area", "x", 0, 17408);
  storage.write("other", "a file of the user's");
  storage.write("gone", "deleted");
  storage.erase("gone");
  storage.write("slot.a", "x", 0, 9217);
  storage.write("slot.b", "x", 0, 9217);
  storage.write("device.json", '{"deviceName":"d1","n":1.5}');
}

function slots(): void {
  const slot = openSlot(1);
  if (!slot) return;
  const files = storage.list().join();
  for (let round = 0; round < 3; round++) {
    for (let at = 0; at < slot.length; at += 1024) erasePage(slot.address + at);
    for (let at = 0; at < slot.length; at += 512)
      writeFlash(slot.address + at, String.fromCharCode(65 + round).repeat(512));
  }
  const found = findContainer("slot.b");
  print(
    "slot",
    slot.length,
    slot.read(0, 3),
    slot.read(slot.length - 2, 2).length,
    found && found.offset,
  );
  print("same", files === storage.list().join(), storage.read("other"));
  print(
    "refused",
    refusal(() => writeFlash(slot.address + slot.length, "x")),
  );
  print(
    "refused",
    refusal(() => erasePage(slot.address - 1024)),
  );
}

function settings(): void {
  const first = JSON.stringify(readSettings());
  storage.erase("device.json");
  print("settings", first === JSON.stringify(readSettings()), first);
}

function choice(): void {
  const area = openArea();
  const journal = new Journal(area);
  global.boot = { slot: 2, trial: false, timer: 0 };
  journal.put("boot", undefined);
  print("armed", armTrial(journal, 0), JSON.stringify(readChoice(journal)));
  const boot: any = { slot: 0, trial: true, timer: setTimeout(print, 60000, "too late") };
  global.boot = boot;
  process.on("uncaughtException", () => print("still watched"));
  print(
    "confirmed",
    confirmTrial(journal, 7),
    JSON.stringify(readChoice(journal)),
    boot.trial,
    boot.timer,
  );
  print("listeners", typeof (process as any)["#onuncaughtException"]);
}

function memory(): void {
  const area = openArea();
  const before = process.memory().usage;
  const journal = new Journal(area);
  print("vars", process.memory().usage - before, journal.markCount("boot"));
}

prepare();
print("steps", runSteps(openArea(), 60, E.CRC32));
slots();
settings();
choice();
memory();
print("counts", flashCounts.erases > 0 && flashCounts.written > 0);
