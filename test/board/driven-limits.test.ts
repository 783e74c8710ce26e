/**
 * What Linux can't show of the language: the ESP32's limits, and what is not modelled.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stringBytes } from "../../host/board/interpreter/bytes.ts";
import { boardWith, runFor } from "./driven.ts";

describe("language limits of the ESP32", () => {
  test("texts with \\u escapes are cut to bytes, JSON too", () => {
    assert.deepEqual(
      runFor(
        0,
        'print("\\u4e2d",JSON.parse(\'"\\\\u4e2d"\'),"\\xe4\\xb8\\xad".length,typeof E.asUTF8)',
      ),
      ["- - 3 function"],
    );
    assert.deepEqual(runFor(0, 'try{E.asUTF8("x")}catch(e){print(e.message)}'), [
      "Unicode not supported on this build",
    ]);
  });

  test("calls nest as deep as the stack allows, and no catch sees the end", () => {
    const depth = (define: string) =>
      Number(
        runFor(
          20,
          `var d=0;${define}setTimeout(function(){try{f()}catch(e){print("caught")}finally{print("finally")}},1);setTimeout(function(){print(d)},5)`,
        ).at(-1),
      );
    const plain = depth("function f(){d++;return f()}");
    const nested = depth("function f(){d++;[1].forEach(function(){f()})}");
    assert.ok(plain > 40 && plain < 60, `plain calls: ${plain}`);
    assert.ok(nested > 8 && nested < 20, `calls through forEach: ${nested}`);
    const printed = runFor(
      20,
      'function f(){f()}setTimeout(function(){try{f()}catch(e){print("caught")}finally{print("finally")}},1);setTimeout(function(){print("next")},5)',
    );
    assert.deepEqual(printed, [
      "Execution Interrupted during event processing.",
      "Uncaught Error: Too much recursion - the stack is about to overflow",
      "next",
    ]);
  });

  test("growth without bound ends the callback with the memory flags", () => {
    const printed = runFor(
      50,
      'E.on("errorFlag",function(f){print("flags",f.join())});setTimeout(function(){var a=[];try{for(;;)a.push({x:a.length})}catch(e){print("caught")}},1);setTimeout(function(){print("next",E.getErrorFlags().join())},9)',
    );
    assert.ok(printed.includes("flags LOW_MEMORY,MEMORY"), printed.join("|"));
    assert.ok(printed.includes("next LOW_MEMORY,MEMORY"), printed.join("|"));
    assert.ok(!printed.includes("caught"));
  });

  test("deep JSON from outside kills the board", () => {
    const board = boardWith(
      'print("boot");setTimeout(function(){JSON.parse(new Array(201).join("["))},10)',
    );
    board.powerOn();
    board.run(15);
    assert.equal(board.restarts.length, 1);
    assert.match(board.restarts[0] ?? "", /JSON\.parse/);
    assert.deepEqual(runFor(0, 'try{JSON.parse(new Array(17).join("["))}catch(e){print(e.type)}'), [
      "SyntaxError",
    ]);
  });

  test("a character beyond a byte in data is a fault of the test", () => {
    assert.throws(() => stringBytes("a\u4e2d", false), /character U\+4e2d in a byte string/);
    assert.deepEqual([...stringBytes("a\u4e2d", true)], [97, 228, 184, 173]);
    assert.deepEqual([...stringBytes("\xe4\0", false)], [228, 0]);
  });
});

describe("what is not modelled", () => {
  const calls = [
    'require("heatshrink").compress("x")',
    'require("timer").list()',
    'require("TelnetServer").setOptions({mode:"on"})',
    "dump()",
    "E.dumpStr()",
    "ESP32.lightSleep()",
    'require("Wifi").save()',
    "Serial2.setConsole()",
  ];
  for (const call of calls)
    test(`${call} says so`, () => {
      const name = call.replace(/require\("(\w+)"\)/, "$1").replace(/Serial2/, "Serial");
      assert.deepEqual(runFor(0, `try{${call};print("did nothing")}catch(e){print(e.message)}`), [
        `the virtual board does not model ${name.replace(/\(.*/, "")}`,
      ]);
    });
});
