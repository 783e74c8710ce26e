/**
 * The modem's clock, TLS and upgrade against a modem that answers from a table; prints what they do.
 * @module
 */
import { AtChannel } from "../../../../src/link/cellular/at.ts";
import { ModemClock } from "../../../../src/link/cellular/clock.ts";
import { checksum, createTls } from "../../../../src/link/cellular/tls.ts";
import { createUpgrade } from "../../../../src/link/cellular/upgrade.ts";
import { setLinkMemory } from "../../../../src/link/memory.ts";

const PEM = "-----BEGIN CERTIFICATE-----\n" + "c\xff".repeat(700) + "\n-----END CERTIFICATE-----\n";
const OLD = "EC600NCNLCR03A11M16";
const NEW = "EC600NCNLCR03A12M16";
const STAGES = [
  '+QIND: "FOTA","HTTPSTART"',
  '+QIND: "FOTA","DOWNLOADING",50',
  '+QIND: "FOTA","HTTPEND",0',
  "RDY",
  '+QIND: "FOTA","START"',
  '+QIND: "FOTA","UPDATING",58',
  '+QIND: "FOTA","END",0',
  "RDY",
];

let revision = OLD;
let payload = -1;
const kept: any = {};

function reply(text: string): string {
  if (text.startsWith("AT+QLTS")) return '+QLTS: "2026/08/07,12:05:09+32,0"\r\n\r\nOK';
  if (text.startsWith("AT+CCLK")) return '+CCLK: "26/08/07,20:05:09+32"\r\n\r\nOK';
  if (text.startsWith("AT+QFLST")) return "+CME ERROR: 405";
  if (text.startsWith("AT+CGMR")) return revision + "\r\n\r\nOK";
  if (text.startsWith("AT+QGMR")) return revision + "_01.001\r\n\r\nOK";
  if (text.startsWith("AT+QFUPL")) {
    payload = PEM.length;
    return "CONNECT";
  }
  return "OK";
}

const at = new AtChannel(
  {
    write: (bytes) => {
      if (payload > 0) {
        payload -= bytes.length;
        if (payload > 0) return;
        print("payload " + PEM.length);
        say("+QFUPL: " + PEM.length + "," + checksum(PEM).toString(16));
        say("OK");
        return;
      }
      const text = bytes.substr(0, bytes.length - 1);
      print("sent " + text);
      say(reply(text));
    },
  },
  {
    onUrc: (line) => (upgrade.hear(line) || clock.hear(line) ? 0 : -1),
    onUrcRaw: () => {},
    onDead: () => print("dead"),
  },
);

const modem: any = {
  at: at,
  now: 0,
  state: 6,
  settings: {},
  identity: { revision: OLD },
  counters: { starts: 1 },
  suspend: () => {
    modem.state = 9;
    print("held");
  },
  resume: () => {
    modem.state = 6;
    print("resumed");
  },
};
const clock = new ModemClock(modem);
const upgrade = createUpgrade(modem);

function say(line: string): void {
  setTimeout(() => at.feed("\r\n" + line + "\r\n"), 1);
}

/** A tick of 0.1 s in much less. */
function tick(): void {
  modem.now += 0.1;
  at.tick(modem.now);
  upgrade.tick();
  setTimeout(tick, 2);
}

function tell(stage: number): void {
  if (stage === STAGES.length - 1) revision = NEW;
  if (stage < STAGES.length) {
    say(STAGES[stage]);
    setTimeout(tell, 20, stage + 1);
  }
}

function onUpgraded(failure: string): void {
  print("upgraded " + (failure || "well"));
  print("kept " + kept._modem);
  print("end");
}

function onSecured(ready: boolean): void {
  print("secured " + ready);
  upgrade.start("http://files.example/fw.bin", NEW, {
    reach: (percent) => {
      print("percent " + percent);
      if (percent === 2) tell(0);
    },
    done: onUpgraded,
  });
}

function start(): void {
  setLinkMemory(() => ({
    get: (kind) => kept["_" + kind],
    put: (kind, value) => {
      kept["_" + kind] = value;
      return true;
    },
  }));
  require("Storage").write("ca.pem", PEM);
  tick();
  clock.tick();
  setTimeout(() => {
    print("time " + clock.time());
    createTls(modem, clock, 1).prepare(onSecured);
  }, 100);
}

start();
