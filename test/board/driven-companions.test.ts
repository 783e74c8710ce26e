/**
 * A driven board beside something with a clock of its own, joined by a serial port and pins.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as esp32 from "../../boards/esp32.ts";
import * as linux from "../../boards/linux.ts";
import { DrivenBoard, type DrivenBoardOptions, FileStore } from "../../host/board/index.ts";
import { DrivenClock } from "../../host/modem/clock.ts";
import { lines } from "./driven.ts";

/** Answers each piece in capitals after so many ms, and ticks on its own if asked. */
class Echo {
  readonly clock = new DrivenClock();
  readonly heard: [ms: number, bytes: string][] = [];
  readonly start = this.clock.now();
  send: (bytes: string) => void = () => {};

  constructor(private readonly delay: number) {}

  connect(send: (bytes: string) => void): void {
    this.send = send;
  }

  receive(bytes: string): void {
    this.heard.push([Math.round(this.clock.now() - this.start), bytes]);
    this.clock.after(this.delay, () => this.send(bytes.toUpperCase()));
  }

  /** Sends again and again. */
  every(ms: number, bytes: string): void {
    this.clock.after(ms, () => {
      this.send(bytes);
      this.every(ms, bytes);
    });
  }
}

function boardWith(boot: string, options: Partial<DrivenBoardOptions>): DrivenBoard {
  const board = options.board ?? esp32;
  const made = new DrivenBoard({ ...options, board });
  new FileStore(made.flash, board.machine.flash.storage).write(".boot0", Buffer.from(boot));
  return made;
}

const setup = "Serial2.setup(115200,{tx:D17,rx:D16});var t0=getTime();";
const listen = `${setup}Serial2.on("data",function(d){print(Math.round((getTime()-t0)*1000),d)});`;

describe("a driven board's companions", () => {
  test("take turns with the board by what is due first", () => {
    const echo = new Echo(7);
    const board = boardWith(
      `${listen}setInterval(function(){Serial2.write("a")},10);setTimeout(function(){print(15,"timer")},15)`,
      { serial: { Serial2: echo }, companions: [echo.clock.companion] },
    );
    board.powerOn();
    board.run(28);
    assert.deepEqual(lines(board), ["15 timer", "17 A", "27 A"]);
    assert.deepEqual(echo.heard, [
      [10, "a"],
      [20, "a"],
    ]);
    assert.ok(Math.abs(board.time - echo.clock.now()) < 1);
  });

  test("wake a board that waits for nothing", () => {
    const echo = new Echo(0);
    echo.every(1000, "x");
    const board = boardWith(listen, {
      serial: { Serial2: echo },
      companions: [echo.clock.companion],
    });
    board.powerOn();
    board.run(3500);
    assert.deepEqual(lines(board), ["1000 x", "2000 x", "3000 x"]);
  });

  test("the same run gives the same twice", () => {
    const run = () => {
      const echo = new Echo(3);
      echo.every(1.7, "data of the world ");
      const board = boardWith(
        `${listen}setInterval(function(){Serial2.write("tick")},2.3);setInterval(function(){print("i")},5)`,
        { serial: { Serial2: echo }, companions: [echo.clock.companion] },
      );
      board.powerOn();
      for (let i = 0; i < 10; i++) board.run(20);
      return [board.output, echo.heard, board.time];
    };
    assert.deepEqual(run(), run());
  });

  test("go on while the board is off, which hears nothing then", () => {
    const echo = new Echo(0);
    echo.every(10, "x");
    const board = boardWith(`${setup}var n=0;Serial2.on("data",function(){n++;print(n)})`, {
      serial: { Serial2: echo },
      companions: [echo.clock.companion],
    });
    board.run(100);
    assert.equal(echo.clock.now() - echo.start, 100);
    board.powerOn();
    board.run(25);
    assert.equal(lines(board).at(-1), "2");
    board.powerOff();
    board.run(50);
    board.powerOn();
    board.run(8);
    assert.deepEqual(lines(board), ["1"]);
  });

  test("a peer that answers within the write is heard, and ends a run in time", () => {
    let send = (_bytes: string) => {};
    const board = boardWith(
      `${setup}Serial2.on("data",function(d){Serial2.write(d)});setTimeout(function(){Serial2.write("p")},5);setTimeout(function(){print("after")},50)`,
      {
        serial: {
          Serial2: {
            receive: (bytes) => send(bytes),
            connect: (to) => {
              send = to;
            },
          },
        },
        companions: [new DrivenClock().companion],
      },
    );
    board.powerOn();
    board.run(40);
    assert.deepEqual(lines(board), []);
    board.run(20);
    assert.deepEqual(lines(board), ["after"]);
  });

  test("a network that is a script is looked at as often as asked for", () => {
    const looks = (pollMs?: number) => {
      const board = boardWith(
        'var n=0;require("NetworkJS").create({create:function(){return 1},recv:function(){n++;return ""},send:function(){return 0},close:function(){},accept:function(){return -1}});require("net").connect({host:"x",port:1});setTimeout(function(){print(n)},1000)',
        { companions: [new DrivenClock().companion], ...(pollMs ? { pollMs } : {}) },
      );
      board.powerOn();
      board.run(1001);
      return Number(lines(board)[0]);
    };
    const often = looks();
    const seldom = looks(50);
    assert.ok(often >= 900, String(often));
    assert.ok(seldom >= 19 && seldom <= 60, String(seldom));
  });
});

describe("a driven board's pins", () => {
  const wired = (boot: string, options: Partial<DrivenBoardOptions> = {}) => {
    const told: string[] = [];
    const clock = new DrivenClock();
    const start = clock.now();
    let pull = (_pin: string, _low: boolean) => {};
    const board = boardWith(boot, {
      ...options,
      companions: [clock.companion],
      pins: {
        outputs: (pin, low, high) => {
          const level = low ? "low" : high ? "high" : "released";
          told.push(`${Math.round(clock.now() - start)} ${pin} ${level}`);
        },
        connect: (to) => {
          pull = to;
        },
      },
    });
    return { board, told, pull: (pin: string, low: boolean) => pull(pin, low) };
  };

  test("tell what they drive", () => {
    const { board, told } = wired(
      'D25.mode("output");setTimeout(function(){D25.write(1)},10);setTimeout(function(){D25.write(1);digitalWrite(D25,0)},20);setTimeout(function(){digitalPulse(D26,0,500)},30)',
    );
    board.powerOn();
    board.run(1000);
    assert.deepEqual(told, [
      "0 D25 low",
      "10 D25 high",
      "20 D25 low",
      "30 D26 low",
      "530 D26 high",
    ]);
  });

  test("read what they drive, else what the world makes of them", () => {
    const { board, pull } = wired(
      "setInterval(function(){print(D34.read(),digitalRead(D25))},10);D25.mode('output');setTimeout(function(){D25.write(1)},15)",
    );
    board.powerOn();
    pull("D34", true);
    board.run(11);
    pull("D34", false);
    board.run(10);
    assert.deepEqual(lines(board), ["false 0", "true 1"]);
  });

  test("keep their levels over a reset, and let go in a reboot and without power", () => {
    const { board, told } = wired("D25.getMode()?0:D25.write(0);");
    board.powerOn();
    board.run(1);
    told.length = 0;
    board.type("\x10load()\n");
    board.run(1);
    board.type("\x10print(D25.getMode())\n");
    board.run(1);
    assert.equal(lines(board).at(-1), "output");
    assert.deepEqual([...told], []);
    board.type("\x10E.reboot()\n");
    board.run(1);
    board.powerOff();
    assert.deepEqual(
      told.map((line) => line.replace(/^\d+ /, "")),
      ["D25 released", "D25 low", "D25 released"],
    );
  });

  test("a series of pulses, and one after the other", () => {
    const { board, told } = wired(
      "D25.write(1);setTimeout(function(){D25.pulse(0,[10,20,30]);D25.pulse(0,5)},100)",
    );
    board.powerOn();
    board.run(300);
    assert.deepEqual(told, [
      "0 D25 high",
      "100 D25 low",
      "110 D25 high",
      "130 D25 low",
      "160 D25 high",
    ]);
  });

  test("in open drain are pulled low or let go", () => {
    const { board, told } = wired(
      'D25.mode("opendrain");setTimeout(function(){D25.write(1);print(D25.read())},10)',
    );
    board.powerOn();
    board.run(20);
    assert.deepEqual(told, ["0 D25 low", "10 D25 released"]);
    assert.deepEqual(lines(board), ["true"]);
  });

  test("of the ESP32 are D0 to D39, and names only on Linux", () => {
    const { board } = wired("print(D39,typeof D40);D2.write(1);print(D2.read(),D2.output)");
    board.powerOn();
    assert.deepEqual(lines(board), ["D39 undefined", "true undefined"]);
    const other = wired("D2.write(1);print(D2.read(),D32)", { board: linux });
    other.board.powerOn();
    assert.deepEqual(lines(other.board), ["false D32"]);
  });
});
