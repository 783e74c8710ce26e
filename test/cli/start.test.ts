import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import test from "node:test";
import { program } from "../compiled/program.ts";

const root = join(import.meta.dirname, "../..");

/** Runs `npm start` with arguments, and with lines typed when the prompt appears. */
function start(args: string[], lines: string[] = []) {
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn(process.execPath, [...program(join(root, "host/cli/start.ts")), ...args], {
      cwd: root,
    });
    let output = "";
    const waiting = [...lines];
    const hear = (text: string) => {
      output += text;
      if (text.includes("> ") && output.includes("The device stays online")) {
        const line = waiting.shift();
        if (line !== undefined) child.stdin.write(`${line}\n`);
      }
    };
    child.stdout.setEncoding("utf8").on("data", hear);
    child.stderr.setEncoding("utf8").on("data", hear);
    child.on("close", (code) => resolve({ code, output }));
  });
}

test("--once walks, prints a summary and ends with 0", async () => {
  const { code, output } = await start(["--once"]);
  assert.match(output, /14 of 14 steps confirmed by the platform/, output);
  assert.match(output, /▲ demo_0001 .*\/thing\/event\/property\/post .* → 200/);
  // What the board logs of the bad image, and what the step says, names the loader's source.
  assert.match(
    output,
    /board \| \S+ warn ota: the trial has failed: .* at src\/boot\/\w+\.ts:\d+:\d+/,
  );
  assert.match(output, /A bad image is rolled back: .* at src\/boot\/\w+\.ts:\d+:\d+/);
  assert.equal(code, 0);
});

test("stays for commands until quit", async () => {
  const lines = [
    'set {"power_switch":0}',
    "call query_phone_num",
    'rrpc {"a":1}',
    "call query_power_level",
    "repl ali.ota()",
    "help",
    "update",
    "update 1/3",
    "update 1.3.0",
    "cut",
    "restore",
    "cycle",
    "status",
    "call",
    "set 5",
    "nonsense",
    "quit",
  ];
  const { code, output } = await start(["--board", "linux", "--quiet"], lines);
  assert.match(output, /"code":200,"data":\{\},"message":"success"/, output);
  assert.match(output, /^Console: +http:\/\/127\.0\.0\.1:\d+$/m);
  assert.match(output, /"data":\{"phone_num":"123456789"\}/);
  assert.match(output, /\{"phone_num":"123456789"\}/);
  assert.match(output, /"data":\{"power_level":100\}/);
  assert.match(output, /"slot": -?\d+, "trial": false/);
  assert.equal(output.match(/^quit$/gm)?.length, 2, "the list of commands, told again by help");
  assert.match(output, /the network is cut/);
  assert.match(output, /the power was off and is on again/);
  assert.match(output, /to which version\?/);
  assert.match(output, /version "1\/3"/);
  assert.match(output, /SUCCEEDED at 100 %/);
  assert.match(output, /module QuecPython-Tracker 1\.3\.0/);
  assert.match(output, /which service\?/);
  assert.match(output, /a JSON object is expected, not 5/);
  assert.match(output, /"nonsense" is no command/);
  assert.equal(code, 0);
});

for (const [args, message] of [
  [["--board", "pico"], /--board is "pico": one of esp32, .*linux.* expected/],
  [["--engine", "node"], /--engine is "node": virtual or espruino expected/],
  [["--twice"], /--twice/],
] as const) {
  test(`refused: ${args.join(" ")}`, async () => {
    const { code, output } = await start([...args]);
    assert.match(output, message);
    assert.equal(code, 2);
  });
}
