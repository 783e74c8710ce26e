import assert from "node:assert/strict";
import test from "node:test";
import { parseTime } from "../../../src/link/cellular/clock.ts";
import { simulate } from "./simulated.ts";

test("times as modems print them, for UTC", () => {
  const noon = Date.UTC(2026, 7, 7, 12, 5, 9);
  for (const line of [
    '+QLTS: "2026/08/07,12:05:09+32,0"',
    '+QLTS: "2026/08/07,12:05:09+32",0',
    '+QNTP: 0,"2026/08/07,12:05:09+00"',
    '+CCLK: "26/08/07,12:05:09-20"',
  ]) {
    assert.equal(parseTime(line), noon, line);
  }
  for (const line of [
    '+CCLK: "04/01/01,00:00:07+00"',
    '+CCLK: "80/01/06,00:10:00+00"',
    '+CCLK: "70/01/01,00:10:00+00"',
    '+QLTS: "1980/01/06,00:10:00+00,0"',
    '+QLTS: ""',
    "+QNTP: 565",
    "+QLTS:",
    '+QLTS: "tomorrow"',
  ]) {
    assert.equal(parseTime(line), 0, line);
  }
});

const isNear = (time: number | undefined, wanted: number) =>
  time !== undefined && Math.abs(time - wanted) < 2000;

test("the time is the network's, and goes on", (context) => {
  const { link, clock, until, run } = simulate(context);
  assert.equal(link.time(), undefined);
  until(() => link.isUp);
  until(() => link.time() !== undefined, 5);
  assert.ok(isNear(link.time(), clock.now()), `${link.time()} ${clock.now()}`);
  run(600);
  assert.ok(isNear(link.time(), clock.now()), `${link.time()} ${clock.now()}`);
});

test("F41: without the network's time a server is asked, until it answers", (context) => {
  const { link, clock, until, run, modem } = simulate(context, { nitz: false });
  modem.inject("F41.569");
  modem.inject("F41.network");
  until(() => link.isUp);
  run(30);
  assert.equal(link.time(), undefined);
  until(() => link.time() !== undefined, 240);
  assert.ok(isNear(link.time(), clock.now()));
});
