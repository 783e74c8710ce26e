/**
 * New firmware for the module: stages, restarts, and what goes wrong.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ModemOptions, makePackage, type PackageDescription } from "../../host/modem/index.ts";
import { BOOT, ERROR, info, OK, online } from "./dialogue.ts";

const from = "EC600NCNLCR03A11M16";
const to = "EC600NCNLCR03A12M16";
const URL = "http://web.example/fw.bin";

const fota = (...lines: string[]) => lines.map((line) => `\r\n+QIND: "FOTA",${line}\r\n`).join("");

function withServer(files: Record<string, string>, options: ModemOptions = {}) {
  const modem = online(options);
  modem.network.listen("web.example", 80, (peer) => ({
    onData: (bytes) => {
      const body = files[bytes.split(" ")[1] ?? ""];
      if (body === undefined) {
        peer.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        return;
      }
      peer.send(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
      for (let at = 0; at < body.length; at += 500) peer.send(body.slice(at, at + 500));
    },
  }));
  return modem;
}

const delta = (faults?: PackageDescription["faults"], other: Partial<PackageDescription> = {}) => ({
  "/fw.bin": makePackage({ from, to, size: 5000, ...(faults ? { faults } : {}), ...other }),
});

const updating = [8, 16, 25, 33, 41, 50, 58, 66, 75, 83, 91].map((step) => `"UPDATING",${step}`);

describe("DFOTA (16 MB)", () => {
  test("all stages, with restarts in between, and the new revision at the end", () => {
    const modem = withServer(delta());
    const heard = modem.ask(`AT+QFOTADL="${URL}",1,50`, 60_000);
    const begin = fota('"HTTPSTART"', '"DOWNLOADING",50', '"DOWNLOADING",100', '"HTTPEND",0');
    const rest = fota('"START"', ...updating, '"END",0');
    assert.ok(heard.startsWith(`${OK}${begin}\r\nRDY\r\n${rest}\r\nRDY\r\n\r\n+CFUN: 1\r\n`));
    assert.equal(modem.ask("AT+CGMR"), `AT+CGMR\r${info(to)}`);
  });

  test("while it writes it hears no commands", () => {
    const modem = withServer(delta());
    modem.ask(`AT+QFOTADL="${URL}",1,0`, 15_000);
    assert.equal(modem.modem.power, "deaf");
    assert.doesNotMatch(modem.ask("AT"), /OK/);
  });

  test("mode 0 waits for the next restart", () => {
    const modem = withServer(delta());
    const heard = modem.ask(`AT+QFOTADL="${URL}"`, 60_000);
    assert.ok(heard.endsWith(fota('"HTTPEND",0')));
    assert.match(modem.ask("AT+CFUN=1,1", 60_000), /"END",0/);
    assert.equal(modem.modem.nvram.revision, to);
  });

  test("refused: no URL, too long, a mode that is none", () => {
    const modem = withServer({});
    assert.equal(modem.ask('AT+QFOTADL="ftp"'), ERROR);
    assert.equal(modem.ask(`AT+QFOTADL="${URL}${"x".repeat(255)}"`), ERROR);
    assert.equal(modem.ask(`AT+QFOTADL="${URL}",2`), ERROR);
    assert.equal(modem.ask(`AT+QFOTADL="${URL}",1,3`), ERROR);
  });

  const ends: [title: string, files: Record<string, string>, line: string][] = [
    ["no such file", {}, '"HTTPEND",720'],
    ["damaged package", { "/fw.bin": "x".repeat(3000) }, '"END",505'],
    ["package for another revision", delta(undefined, { from: "OTHER" }), '"END",507'],
    ["package that says so", delta({ end: 504 }), '"END",504'],
  ];
  for (const [title, files, line] of ends) {
    test(`fails, and the old revision stays: ${title}`, () => {
      const modem = withServer(files);
      const heard = modem.ask(`AT+QFOTADL="${URL}",1,0`, 60_000);
      assert.ok(heard.includes(fota(line)), heard);
      assert.equal(modem.modem.nvram.revision, from);
      assert.match(modem.ask("AT", 100), /OK/);
    });
  }

  test("a server that is not there, by name and by port", () => {
    const modem = withServer({});
    const nobody = modem.ask('AT+QFOTADL="http://none.example/x",1,0', 60_000);
    assert.ok(nobody.endsWith(fota('"HTTPSTART"', '"HTTPEND",714')));
    const closed = modem.ask('AT+QFOTADL="http://web.example:81/x",1,0', 60_000);
    assert.ok(closed.endsWith(fota('"HTTPSTART"', '"HTTPEND",716')));
  });

  test("a download that gets nothing times out after six minutes", () => {
    const modem = withServer(delta());
    modem.network.isUp = false;
    assert.equal(modem.ask(`AT+QFOTADL="${URL}",1,0`, 355_000), OK + fota('"HTTPSTART"'));
    assert.equal(modem.wait(10_000), fota('"HTTPEND",702'));
  });

  test("a restart in the middle goes on; a missing END; a stop", () => {
    const again = withServer(delta({ restartAt: 50 }));
    const heard = again.ask(`AT+QFOTADL="${URL}",1,0`, 90_000);
    assert.equal(heard.split('"START"').length, 3);
    assert.equal(again.modem.nvram.revision, to);
    const silent = withServer(delta({ noEnd: true }));
    assert.doesNotMatch(silent.ask(`AT+QFOTADL="${URL}",1,0`, 60_000), /"END"/);
    assert.equal(silent.modem.nvram.revision, to);
    const stuck = withServer(delta({ stuckAt: 50 }));
    assert.ok(stuck.ask(`AT+QFOTADL="${URL}",1,0`, 600_000).endsWith(fota('"UPDATING",41')));
  });

  test("power that fails while it writes: nothing comes back, or it goes on", () => {
    for (const upgradePowerLoss of ["bricks", "resumes"] as const) {
      const modem = withServer(delta(), { powerKeyTied: true, upgradePowerLoss });
      modem.ask(`AT+QFOTADL="${URL}",1,0`, 15_000);
      modem.modem.supply(false);
      modem.wait(1000);
      modem.modem.supply(true);
      const heard = modem.wait(60_000);
      if (upgradePowerLoss === "bricks") {
        assert.equal(modem.modem.power, "bricked");
        assert.equal(heard, "\r\nRDY\r\n");
      } else {
        const unfinished = fota('"Last upgrade was not finished,continue upgrade"', '"START"');
        assert.ok(heard.startsWith(`\r\nRDY\r\n${unfinished}`), heard);
        assert.equal(modem.modem.nvram.revision, to);
      }
    }
  });

  test("power that fails during the download changes nothing", () => {
    const modem = withServer(delta(), { powerKeyTied: true });
    modem.ask(`AT+QFOTADL="${URL}",1,0`, 60);
    modem.modem.supply(false);
    modem.wait(1000);
    modem.modem.supply(true);
    modem.wait(BOOT);
    assert.match(modem.ask("AT+CGMR"), new RegExp(from));
  });
});

describe("MiniFOTA (8 MB)", () => {
  const old = "EC600NCNLCR03A01M08";
  const fresh = "EC600NCNLCR03A02M08";
  const MINI = "http://web.example/fw.mini_1";
  const first = { "/fw.mini_1": makePackage({ from: old, to: fresh }) };
  const both = { ...first, "/fw.mini_2": makePackage({ from: old, to: fresh }) };
  const options = { revision: old, powerKeyTied: true };

  test("UPDATING only, two halves, restarts in between", () => {
    const modem = withServer(both, options);
    const heard = modem.ask(`AT+QFOTADL="${MINI}"`, 90_000);
    const steps = [...heard.matchAll(/"UPDATING",(\d+)/g)].map(([, step]) => Number(step));
    assert.deepEqual(steps, [2, 4, 9, 18, 27, 36, 45, 49, 60, 64, 72, 80, 88, 96]);
    assert.doesNotMatch(heard, /HTTPSTART|DOWNLOADING|START"/);
    assert.equal(heard.split("\r\nRDY\r\n").length, 4);
    assert.ok(heard.indexOf('"END",0') < heard.lastIndexOf("\r\nRDY\r\n"));
    assert.equal(modem.modem.nvram.revision, fresh);
  });

  test("the URL has to name the first half", () => {
    const modem = withServer(both, options);
    assert.equal(modem.ask('AT+QFOTADL="http://web.example/fw.bin"'), ERROR);
  });

  test("a first half that is not there: back to the old firmware", () => {
    const modem = withServer({}, options);
    modem.ask(`AT+QFOTADL="${MINI}"`, 120_000);
    assert.match(modem.ask("AT+CGMR"), new RegExp(old));
    assert.equal(modem.modem.nvram.upgrade, undefined);
  });

  test("F38.mini: the second half is not found once", () => {
    const modem = withServer(both, options);
    modem.modem.inject("F38.mini");
    assert.doesNotMatch(modem.ask(`AT+QFOTADL="${MINI}"`, 120_000), /"END"/);
    assert.match(modem.ask(`AT+QFOTADL="${MINI}"`, 120_000), /"END",0/);
  });

  test("a second half that is not there: stays until it is told again, also over power", () => {
    const files: Record<string, string> = { ...first };
    const modem = withServer(files, options);
    modem.ask(`AT+QFOTADL="${MINI}"`, 120_000);
    assert.match(modem.ask("AT+CSQ"), /ERROR/);
    modem.modem.supply(false);
    modem.modem.supply(true);
    modem.wait(BOOT);
    assert.match(modem.ask("AT"), /OK/);
    assert.match(modem.ask("AT+CSQ"), /ERROR/);
    Object.assign(files, both);
    assert.match(modem.ask(`AT+QFOTADL="${MINI}"`, 120_000), /"END",0/);
    assert.equal(modem.modem.nvram.revision, fresh);
  });
});

describe("faults by name", () => {
  const run = (name: string, ms = 90_000) => {
    const modem = withServer(delta());
    modem.modem.inject(name);
    return { modem, heard: modem.ask(`AT+QFOTADL="${URL}",1,0`, ms) };
  };

  for (const code of [504, 505, 506, 507, 552, 553]) {
    test(`F38.${code}`, () => {
      const { modem, heard } = run(`F38.${code}`);
      assert.ok(heard.includes(fota(`"END",${code}`)), heard);
      assert.equal(modem.modem.nvram.revision, from);
    });
  }

  test("F38.restart, F38.no-end, F38.stuck", () => {
    const restarted = run("F38.restart");
    assert.equal(restarted.heard.split('"START"').length, 3);
    assert.equal(restarted.modem.modem.nvram.revision, to);
    const silent = run("F38.no-end");
    assert.doesNotMatch(silent.heard, /"END"/);
    assert.equal(silent.modem.modem.nvram.revision, to);
    const stuck = run("F38.stuck");
    assert.ok(stuck.heard.endsWith(fota('"START"')), stuck.heard);
    assert.equal(stuck.modem.modem.power, "deaf");
  });
});

test("BG96: percent signs, and no mode", () => {
  const revision = "BG96MAR02A07M1G";
  const files = { "/fw.bin": makePackage({ from: revision, to: "BG96MAR02A08M1G" }) };
  const modem = withServer(files, { family: "BG96" });
  const heard = modem.ask(`AT+QFOTADL="${URL}"`, 60_000);
  assert.ok(heard.includes(fota('"UPDATING",8%')), heard);
  assert.ok(heard.includes(fota('"END",0')));
});
