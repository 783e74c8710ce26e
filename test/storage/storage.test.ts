/**
 * The Storage files of a board: to and fro over its console, on the virtual board and the real
 * interpreter; what is left alone.
 * @module
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { type Board, openBoard, storageStats } from "../../host/serial/index.ts";
import {
  checkRead,
  checkWrite,
  getFile,
  listEntries,
  putFile,
  removeEntry,
  roomFor,
  StorageRefusal,
} from "../../host/storage/index.ts";
import { InterpreterRig, noInterpreter, type Rig, VirtualRig } from "../provision/rig.ts";

for (const [name, start, skip] of [
  ["virtual board", () => VirtualRig.start("linux"), false],
  ["interpreter", () => InterpreterRig.start(), noInterpreter],
] as [string, () => Promise<Rig>, string | false][]) {
  describe(`files, ${name}`, { skip }, () => {
    let rig: Rig;
    let board: Board;
    before(async () => {
      rig = await start();
      board = await openBoard(rig.port);
    });
    after(async () => {
      await board.close();
      await rig.close();
    });

    test("the firmware's own are marked", async () => {
      const entries = await listEntries(board);
      const names = entries.map((entry) => entry.name);
      assert.deepEqual(names, [".boot0", "area", "factory", "slot.a", "slot.b"]);
      assert.ok(entries.every((entry) => entry.isPermanent && !entry.isLog));
      assert.equal(entries.find((entry) => entry.name === "area")?.bytes, 16384 + 1024);
    });

    test("come back as they went, and are not sent twice", async () => {
      const bytes = randomBytes(700);
      assert.deepEqual(await putFile(board, "data.bin", bytes), { unchanged: false, bytes: 700 });
      assert.deepEqual(await getFile(board, "data.bin"), bytes);
      assert.deepEqual(await putFile(board, "data.bin", bytes), { unchanged: true, bytes: 700 });
      const other = Buffer.from("short");
      assert.equal((await putFile(board, "data.bin", other)).unchanged, false);
      assert.deepEqual(await getFile(board, "data.bin"), other);
      const entry = (await listEntries(board)).find((one) => one.name === "data.bin");
      assert.deepEqual(entry, { name: "data.bin", bytes: 5, isLog: false, isPermanent: false });
      await removeEntry(board, "data.bin");
      await assert.rejects(getFile(board, "data.bin"), (error) => {
        assert.ok(error instanceof StorageRefusal);
        assert.match(error.message, /no file data\.bin on the board; there are \.boot0, area,/);
        return true;
      });
    });

    test("take the room that is told", async () => {
      const before = await storageStats(board);
      await putFile(board, "four", Buffer.from("1234"));
      await putFile(board, "five", Buffer.from("12345"));
      const { freeBytes } = await storageStats(board);
      assert.equal(before.freeBytes - freeBytes, roomFor(4) + roomFor(5));
      await removeEntry(board, "four");
      await removeEntry(board, "five");
    });

    test("that would move the firmware's are refused", async () => {
      const { freeBytes } = await storageStats(board);
      await assert.rejects(putFile(board, "big", randomBytes(freeBytes)), (error) => {
        assert.ok(error instanceof StorageRefusal);
        assert.match(
          error.message,
          new RegExp(`no room for big: .* ${freeBytes} are free, \\d+ more`),
        );
        return true;
      });
      await assert.rejects(putFile(board, "big", randomBytes(freeBytes + 100_000)), /are free$/);
      assert.ok(!(await listEntries(board)).some((one) => one.name === "big"));
    });

    test("that the interpreter writes in pieces are files, too", async () => {
      const line = "measured 1 and 2 and 3\n";
      // More than one piece of a page; as many as there is room for.
      await board.query(
        `(function(f){for(var i=0;i<30;i++)f.write(${JSON.stringify(line)})})(require("Storage").open("log","w"))`,
      );
      const entry = (await listEntries(board)).find((one) => one.name === "log");
      assert.deepEqual(entry, {
        name: "log",
        bytes: 30 * line.length,
        isLog: true,
        isPermanent: false,
      });
      assert.equal(String(await getFile(board, "log")), line.repeat(30));
      await removeEntry(board, "log");
      assert.ok(!(await listEntries(board)).some((one) => one.name === "log"));
    });

    test("with names or contents that Storage can't keep are refused", async () => {
      for (const [file, bytes, expected] of [
        ["", "x", /"" can't be a file's name/],
        ["a".repeat(29), "x", /expected 1 to 28 ASCII characters/],
        ["a b", "x", /"a b" can't be/],
        ["é", "x", /"é" can't be/],
        ["a", "", /a is empty/],
      ] as const) {
        await assert.rejects(putFile(board, file, Buffer.from(bytes)), expected);
      }
    });
  });
}

test("the firmware's files and settings are left alone unless it is forced", () => {
  for (const name of [".boot0", "factory", "slot.a", "slot.b", "area"]) {
    assert.throws(
      () => checkWrite(name, false),
      /is the firmware's .*--force does it all the same/,
    );
    checkWrite(name, true);
  }
  assert.throws(() => checkWrite("device.json", false), /npm run provision/);
  for (const name of ["area", "device.json"]) {
    assert.throws(() => checkRead(name, false), /holds the device's secrets/);
    checkRead(name, true);
  }
  checkRead("factory", false);
  for (const name of ["data", "toString", "slot.c"]) {
    checkWrite(name, false);
    checkRead(name, false);
  }
});
