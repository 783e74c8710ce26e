/**
 * The REPL's terminal on a virtual board whose application is logged on to a platform.
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startRepl } from "../../host/monitor/index.ts";
import { complete } from "../../host/monitor/repl/completion.ts";
import { openVirtual, type VirtualTarget } from "../../host/monitor/virtual.ts";
import { Terminal } from "./terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "repl-"));
const history = join(folder, "history");
let target: VirtualTarget;
let terminal: Terminal;
let running: Promise<number>;

before(async () => {
  target = await openVirtual("linux");
  await target.stage.watch.wait("log-on", 0, ({ kind }) => kind === "status");
  terminal = new Terminal();
  running = startRepl(target.board, { ...terminal, history });
  await terminal.sees("> ");
});
after(async () => {
  await target.close();
  rmSync(folder, { recursive: true });
});

/** What comes of a line, until the value of another one stands below. */
async function enter(line: string): Promise<string> {
  await terminal.type(`${line}\n`, "\n");
  return terminal.type('"d"+"one"\n', '="done"');
}

test("values are shown as the interpreter does, and names last", async () => {
  assert.match(await enter("var sum = 40 + 2"), /= (undefined|42)/);
  assert.match(await enter("sum"), /= 42\n/);
  assert.match(await enter('"a" + "b"'), /="ab"\n/);
  assert.match(await enter("[1,2].map(function(x){return 2*x})"), /= \[ 2, 4 \]\n/);
});

test("open brackets go on in the next line", async () => {
  await terminal.type("function twice(x) {\n", "… ");
  await terminal.type("  return 2 * x;\n", "… ");
  await enter("}");
  assert.match(await enter("twice(4)"), /= 8\n/);
});

test("an error in the firmware shows the TypeScript's place", async () => {
  const text = await enter("var lost = ali.server.stats; lost()");
  assert.match(text, /Uncaught /);
  assert.match(text, /at .*src\/ali\/aliiot\.ts:\d+:\d+/);
  assert.match(text, /this\.exchange\.replies/);
  assert.doesNotMatch(text, /eval\(/);
});

test("tab completes members on the board", async () => {
  await terminal.type("ali.rep\t", "ali.report");
  await terminal.type("\x15", "> ");
});

test("candidates are members, globals and words of the language, but not what every object has", async () => {
  const [members, start] = await complete(target.board, "x = ali.re");
  assert.deepEqual([members, start], [["ali.reboot", "ali.report"], "ali.re"]);
  assert.deepEqual((await complete(target.board, "parseI"))[0], ["parseInt"]);
  assert.ok(
    (await complete(target.board, "(ali.server.prop"))[0].includes("ali.server.propertiesReport"),
  );
  assert.deepEqual((await complete(target.board, "twice(3).to"))[0], []);
});

test("every member of ali is in ali.help(), works, and shows no secret", async () => {
  const [product] = target.stage.cloud.products;
  const secrets = [product?.productSecret, product?.devices[0]?.deviceSecret];
  const help = await enter("ali.help()");
  const names = await target.board.evaluate<string[]>("Object.keys(ali)");
  for (const name of names.filter((one) => one !== "help")) {
    assert.ok(help.includes(`ali.${name}`), `${name} is not in\n${help}`);
  }
  let shown = help;
  const callable = ["status", "stats", "log", "ota", "link"];
  for (const name of callable) {
    const text = await enter(`ali.${name}()`);
    assert.doesNotMatch(text, /Uncaught/, name);
    shown += text;
  }
  assert.match(shown, /"state": "up"/);
  shown += await enter('ali.log("loud")');
  assert.match(shown, /off, error, warn, info or debug expected/);
  shown += await terminal.type("ali.report({energy:50})\n", "report: true");
  shown += await enter("ali.server");
  shown += await enter("print(ali)");
  for (const secret of secrets) assert.ok(secret && !shown.includes(secret));
});

test("the log goes above the line that is being typed", async () => {
  await terminal.type("1 + 1", "1 + 1");
  const text = await terminal.type("", "").then(async () => {
    const from = terminal.shown.length;
    await target.board.run('setTimeout(function(){print("12.5 warn app: careful")},1)');
    await terminal.sees("careful", from);
    await terminal.sees("1 + 1", from);
    return terminal.shown.slice(from);
  });
  assert.match(text, /12\.5 warn app: careful\n> 1 \+ 1/);
  assert.match(await enter(""), /= 2\n/);
});

test("what was typed is kept for its owner, secrets left out", async () => {
  await enter("var deviceSecret = 5");
  terminal.input.write(".exit\n");
  assert.equal(await running, 1);
  const kept = readFileSync(history, "utf8");
  assert.match(kept, /^twice\(4\)$/m);
  assert.doesNotMatch(kept, /deviceSecret/);
  assert.equal(statSync(history).mode & 0o77, 0);
});

test("the application has run on", async () => {
  assert.equal(await target.board.evaluate("ali.server.status"), true);
});
