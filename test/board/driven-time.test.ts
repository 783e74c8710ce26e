/**
 * Time, the watchdog and reboots, with a clock driven by hand.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as esp32 from "../../boards/esp32.ts";
import * as linux from "../../boards/linux.ts";
import { type DrivenBoard, FileStore } from "../../host/board/index.ts";
import type { NetworkDriver } from "../../host/board/interpreter/host.ts";
import { boardWith, lines, runFor } from "./driven.ts";

describe("time", () => {
  const blocking = (ms: number, board: () => DrivenBoard): NetworkDriver => ({
    create: () => {
      board().time += ms;
      return { reason: "refused", errno: 111 };
    },
    receive: () => -1,
    send: () => -1,
    close: () => {},
    accept: () => -1,
  });

  test("a connect blocks timers, and intervals catch up after it", () => {
    const script =
      'var n=0;setInterval(function(){n++},100);setTimeout(function(){try{require("net").connect({host:"10.0.0.1",port:1})}catch(e){print(e.message,n)}},1050);setTimeout(function(){print("then",n)},6060)';
    let board: DrivenBoard;
    const made = boardWith(script, { board: linux, network: blocking(5000, () => board) });
    board = made;
    made.powerOn();
    made.run(7000);
    assert.deepEqual(lines(made), [
      "ERROR: Connect failed (err 111)",
      "Unable to create socket 10",
      "then 60",
    ]);
  });

  test("setTime moves the clock and no timer", () => {
    assert.deepEqual(
      runFor(
        3000,
        'setTimeout(function(){print("timer",Math.round(getTime()))},1000);setTime(5000);print(Math.floor(getTime()));setTime(9000)',
      ),
      ["5000", "timer 9001"],
    );
  });

  test("a jump of the clock fires one-shots early and floods intervals", () => {
    const board = boardWith(
      "var n=0;setInterval(function(){n++},100);setTimeout(function(){print('early')},60000);setTimeout(function(){print(n>500)},90000)",
    );
    board.powerOn();
    board.run(1000);
    assert.deepEqual(lines(board), []);
    board.jumpClock(60_000);
    board.run(10);
    assert.deepEqual(lines(board), ["early"]);
    board.run(30_000);
    assert.deepEqual(lines(board), ["early", "true"]);
  });

  test("the watchdog restarts a board whose script does not return", () => {
    const board = boardWith(
      'print("boot");E.enableWatchdog(5);setTimeout(function(){var t=getTime();while(getTime()-t<20);print("survived")},10)',
    );
    board.powerOn();
    board.run(5);
    board.run(6);
    assert.deepEqual(board.restarts, ["watchdog"]);
    assert.ok(!board.output.includes("survived"));
  });

  test("a watchdog that must be kicked bites an idle board", () => {
    const kicked = boardWith(
      "E.enableWatchdog(5,false);setInterval(function(){E.kickWatchdog()},2000)",
    );
    kicked.powerOn();
    kicked.run(20_000);
    assert.deepEqual(kicked.restarts, []);
    const idle = boardWith("E.enableWatchdog(5,false);setInterval(function(){},2000)");
    idle.powerOn();
    idle.run(7_000);
    assert.deepEqual(idle.restarts, ["watchdog"]);
  });

  test("a blocking connect beyond the watchdog's time restarts the board", () => {
    let board: DrivenBoard;
    const made = boardWith(
      'E.enableWatchdog(5);setTimeout(function(){require("Wifi").connect("a",{password:"b"},function(){setTimeout(function(){try{require("net").connect({host:"10.0.0.1",port:1})}catch(e){print(e.message)}},100)})},1)',
      { network: blocking(15_000, () => board), networks: [{ ssid: "a", password: "b" }] },
    );
    board = made;
    made.powerOn();
    made.run(200);
    made.run(1);
    assert.deepEqual(made.restarts, ["watchdog"]);
  });
});

describe("reboots", () => {
  test("E.reboot tells kill listeners, ESP32.reboot does not", () => {
    const script = (how: string) =>
      `print("boot");E.on("kill",function(){print("kill")});if(!require("Storage").read("done")){require("Storage").write("done","1");setTimeout(function(){${how}},5)}`;
    assert.deepEqual(runFor(20, script("E.reboot()")).slice(0, 2), ["boot", "kill"]);
    assert.ok(!runFor(20, script("ESP32.reboot()")).includes("kill"));
  });

  for (const method of ["enableBLE", "enableWifi"])
    test(`ESP32.${method} erases boot code, keeps .boot0 and reboots`, () => {
      const board = boardWith(
        `if(require("Storage").read(".bootcde"))setTimeout(function(){ESP32.${method}(false)},5)`,
        { files: { ".bootcde": "1", ".varimg": "1", data: "kept" } },
      );
      board.powerOn();
      board.run(20);
      assert.equal(board.restarts.length, 1);
      const names = new FileStore(board.flash, esp32.machine.flash.storage).list();
      assert.deepEqual(names.map((file) => file.name).sort(), [".boot0", "data"]);
    });

  test("RAM is lost, the flash is kept", () => {
    const board = boardWith(
      'print(typeof kept,require("Storage").read("n"));kept=1;require("Storage").write("n","1")',
    );
    board.powerOn();
    assert.deepEqual(lines(board), ["undefined undefined"]);
    board.powerOff();
    board.powerOn();
    assert.deepEqual(lines(board), ["undefined 1"]);
  });
});
