import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { readTranscript } from "../../../host/transcripts/format.ts";
import { fuzz } from "../../../host/transcripts/fuzz.ts";
import { play, replay, stepsOf } from "../../../host/transcripts/replay.ts";
import { program } from "../../compiled/program.ts";

const folder = join(import.meta.dirname, "../../fixtures/at");
const files = readdirSync(folder).filter((name) => name.endsWith(".txt"));
const transcript = (name: string) =>
  readTranscript(readFileSync(join(folder, name), "latin1"), name);

for (const name of files) {
  test(`${name} gives the same events however it is cut (F01)`, () => {
    const { cuts, differences } = replay(transcript(name));
    assert.deepEqual(differences, []);
    assert.ok(cuts > 50, `${cuts}`);
  });
}

test("what the channel makes of a session in buffer mode", () => {
  const notes = play(stepsOf(transcript("tcp-in-buffer-mode.txt")), (bytes) => [...bytes]);
  assert.deepEqual(notes, [
    'write AT+QIOPEN=1,0,"TCP","host.example",1883,0,0\r',
    'done AT+QIOPEN=1,0,"TCP","host.example",1883,0,0 0 ',
    "line +QIOPEN: 0,0",
    "write AT+QISEND=0,12\r",
    'line +QIURC: "recv",1',
    "write \x10\n> \r\nOK\r\n\xff\x00",
    'line +QIURC: "recv",0',
    "done AT+QISEND=0,12 0 ",
    "write AT+QIRD=0,512\r",
    'raw \n\r\nOK\r\n+QIURC: "closed",0\r\nERROR\r\n> \r\n\x00',
    "done AT+QIRD=0,512 0 +QIRD: 39",
    "write AT+QIRD=0,0\r",
    "done AT+QIRD=0,0 0 +QIRD: 39,39,0",
    "write AT+QIRD=0,512\r",
    "done AT+QIRD=0,512 0 +QIRD: 0",
    'line +QIURC: "closed",0',
    "write AT+QICLOSE=0,0\r",
    "done AT+QICLOSE=0,0 0 ",
    'end {"timeouts":0,"resyncs":0,"lost":0,"noise":0,"echoes":0}',
  ]);
});

test("a byte that is lost makes other events", () => {
  const steps = stepsOf(transcript("tcp-in-buffer-mode.txt"));
  const whole = play(steps, (bytes) => [bytes]);
  const short = play(steps, (bytes, index) => [
    index === 5 ? bytes.slice(0, 20) + bytes.slice(21) : bytes,
  ]);
  assert.notDeepEqual(short, whole);
});

test("random lines and bytes: no exception, no growth, no difference by cuts", () => {
  // All of it: AT_FUZZ=1000000 npm test -- transcripts
  const { strings, mostState } = fuzz(Number(process.env.AT_FUZZ ?? 40_000), 1);
  assert.ok(strings >= 40_000 && mostState > 100);
});

test("a text that is no transcript is refused with its line", () => {
  const cases: [string, RegExp][] = [
    ['> "AT\\r"\n< OK\n', /^one:2: expected one text in double quotes$/],
    ['< "\\q"\n', /^one:1: escape \\q, expected \\r, \\n/],
    ['< "a"b"\n', /^one:1: expected one text/],
    ["# only a remark\n= 5\n", /^one: nothing that a modem sent/],
    ["hello\n", /^one:1: expected "# …"/],
    ["= soon\n", /^one:1: expected "# …"/],
  ];
  for (const [text, error] of cases) {
    assert.throws(() => readTranscript(text, "one"), { message: error });
  }
});

test("the command prints each file's cuts and fails for a file that is no transcript", () => {
  const own = mkdtempSync(join(tmpdir(), "transcripts-"));
  const run = (...args: string[]) => {
    const cli = join(import.meta.dirname, "../../../host/cli/transcripts.ts");
    const command = [...program(cli), ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
    return { status, stdout, stderr };
  };
  try {
    assert.match(run(own).stderr, /no \*\.txt in it/);
    writeFileSync(join(own, "a.txt"), '> "AT\\r"\n< "\\r\\nOK\\r\\n"\n');
    const good = run(own);
    // Five positions between six bytes, and ten sizes.
    assert.equal(good.stdout, "a.txt: 15 cuts, all agree\n1 transcripts, 15 cuts: all agree\n");
    assert.equal(good.status, 0);
    writeFileSync(join(own, "b.txt"), "nonsense\n");
    const bad = run(own);
    assert.match(bad.stdout, /b\.txt:1: expected/);
    assert.equal(bad.status, 1);
    assert.equal(run(join(own, "none")).status, 2);
    assert.equal(run("--fuzz", "many").status, 2);
  } finally {
    rmSync(own, { recursive: true });
  }
});
