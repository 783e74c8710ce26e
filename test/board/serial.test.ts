/**
 * Serial ports of the virtual board.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as esp32 from "../../boards/esp32.ts";
import * as linux from "../../boards/linux.ts";
import { printed, start, until } from "./started.ts";

describe("serial ports", () => {
  test("join a peer outside, both ways", async () => {
    let toBoard = (_bytes: string) => {};
    let received = "";
    const board = await start(
      'Serial2.setup(115200,{tx:17,rx:16});Serial2.on("data",function(d){Serial2.write(d.toUpperCase())})',
      {
        board: esp32,
        serial: {
          Serial2: {
            receive: (bytes) => {
              received += bytes;
            },
            connect: (send) => {
              toBoard = send;
            },
          },
        },
      },
    );
    await board.evaluate("1");
    toBoard("hello modem");
    while (received.length < 11) await board.evaluate("1");
    assert.equal(received, "HELLO MODEM");
  });

  for (const [board, setup, ring] of [
    [esp32, "115200,{tx:17,rx:16}", 1024],
    [linux, '115200,{path:"Serial2"}', 256],
  ] as const)
    test(`a write beyond ${ring} bytes blocks until the peer takes some (${board.device.name})`, async () => {
      let taken = 0;
      const waiting: (() => void)[] = [];
      const made = await start(
        `Serial2.setup(${setup});Serial2.write(new Array(${ring + 1}).join("a"));print("fits");setTimeout(function(){print("timer")},1);Serial2.write("b");print("went on")`,
        {
          board,
          serial: {
            Serial2: {
              receive: (bytes) =>
                new Promise((resolve) => {
                  waiting.push(() => {
                    taken += bytes.length;
                    resolve();
                  });
                }),
              connect: () => {},
            },
          },
        },
      );
      await printed(made, /fits/);
      // Nothing else runs on the board, its console neither.
      const answer = made.evaluate('(print("free"),1)');
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(taken, 0);
      assert.doesNotMatch(made.heard, /went on/);
      await until("the end of the write", () => {
        if (made.heard.includes("went on")) return true;
        waiting.shift()?.();
        return false;
      });
      await answer;
      await printed(made, /timer/);
      assert.match(made.heard, /fits[\s\S]*went on[\s\S]*(timer|free)/);
      assert.doesNotMatch(made.heard, /(timer|free)[\s\S]*went on/);
      assert.equal(taken, ring);
    });

  test("switching off ends a blocked write, and the ring is lost", async () => {
    const received: string[] = [];
    let release = () => {};
    const board = await start(
      'Serial2.setup(115200,{tx:17,rx:16});print("boot");Serial2.write(new Array(3001).join("c"));print("never")',
      {
        board: esp32,
        serial: {
          Serial2: {
            receive: (bytes) => {
              received.push(bytes);
              return new Promise<void>((resolve) => {
                release = resolve;
              });
            },
            connect: () => {},
          },
        },
      },
    );
    await printed(board, /boot/);
    await until("the first piece", () => received.length >= 1);
    await board.powerOff();
    assert.equal(board.isOn, false);
    release();
    board.heard = "";
    await board.powerOn();
    await printed(board, /boot/);
    await until("the second piece", () => received.length >= 2);
    assert.deepEqual(
      received.map((bytes) => bytes.length),
      [1024, 1024],
    );
    assert.doesNotMatch(board.heard, /never/);
  });
});

describe("pins of a board in its thread", () => {
  test("tell what they pull low, and read what is pulled low", async () => {
    const told: string[] = [];
    let pull = (_pin: string, _low: boolean) => {};
    const board = await start(
      'D25.write(0);setInterval(function(){if(!D34.read()){D25.write(1);print("seen")}},1)',
      {
        board: esp32,
        pins: {
          outputs: (pin, low, high) => told.push(`${pin} ${low} ${high}`),
          connect: (to) => {
            pull = to;
          },
        },
      },
    );
    await board.evaluate("1");
    assert.deepEqual(told, ["D25 true false"]);
    pull("D34", true);
    await printed(board, /seen/);
    assert.deepEqual(told, ["D25 true false", "D25 false true"]);
    // What is pulled low stays so while the board is off.
    await board.powerOff();
    board.heard = "";
    await board.powerOn();
    await printed(board, /seen/);
    pull("D34", false);
    await board.evaluate("D26.write(0)");
    await board.powerOff();
    assert.deepEqual(told.slice(2), [
      "D25 false false",
      "D25 true false",
      "D25 false true",
      "D26 true false",
      "D25 false false",
      "D26 false false",
    ]);
  });
});
