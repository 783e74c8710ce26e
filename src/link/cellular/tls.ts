/**
 * The modem's TLS (Quectel SSL manual, QSSLCFG; file manual, QFUPL): the server's certificate is
 * verified against `ca.pem` of Storage, dates included, before anything is sent. Without
 * verification only when the settings say so. Where Storage has `cert.pem` and `key.pem`, the modem
 * shows that certificate to servers that ask for one. QSSLCFG is lost when the modem restarts, files
 * are not.
 * @module
 */
import { logWarn } from "../../debug/log.ts";
import { ABORTED, CME, ERROR, OK, TIMEOUT } from "./at.ts";
import type { ModemClock } from "./clock.ts";
import type { Modem } from "./modem.ts";

/** Files of Storage, and the settings of the modem that name them. */
const FILES = ["ca", "cert", "key"];
const SETTINGS = ["cacert", "clientcert", "clientkey"];
/** Certificates of the modem's file system take 1 to 2 KB. */
const LONGEST = 8192;
const EXISTS = CME + 407;
const UPLOADS = 2;
/** Seconds. */
const UPLOAD_TIME = 15;

/** What `QFUPL` answers: XOR of the bytes in pairs, the first of a pair is the high one. */
export function checksum(bytes: string): number {
  const values = E.toUint8Array(bytes);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum ^= i & 1 ? values[i] : values[i] << 8;
  return sum;
}

export interface ModemTls {
  /** Makes the modem's TLS ready, which lasts until the modem restarts; tells whether it is. */
  prepare(done: (ready: boolean) => void): void;
}

/**
 * Makes one for a context of the modem's TLS; the class is inside, because a method takes memory, and
 * none is needed once it is ready.
 */
export function createTls(owner: Modem, time: ModemClock, number: number): ModemTls {
  class Tls implements ModemTls {
    private busy = false;
    private waiting: ((ready: boolean) => void)[] = [];
    private steps: string[] = [];
    /** Which file is being taken over, its content, its name in the modem. */
    private at = 0;
    private pem = "";
    private name = "";
    private names: string[] = [];
    private uploads = 0;
    private sum = "";

    constructor(
      private readonly modem: Modem,
      private readonly clock: ModemClock,
      private readonly context: number,
    ) {}

    prepare(done: (ready: boolean) => void): void {
      this.waiting.push(done);
      if (this.busy) return;
      this.busy = true;
      const storage = require("Storage");
      this.at = 0;
      this.names = [];
      if (this.modem.settings.tls === "unverified") {
        logWarn("tls", 'the server is not verified: "cellular.tls" says "unverified"');
        if (storage.read("key.pem")) logWarn("tls", "cert.pem is not shown without verification");
        this.configure();
        return;
      }
      if (!storage.read("ca.pem")) {
        this.fail("no ca.pem in Storage, to verify servers by");
        return;
      }
      this.clock.check((right) => {
        if (right) this.nextFile();
        else this.fail("the modem's clock is not set, so certificates can't be judged");
      });
    }

    private nextFile(): void {
      const storage = require("Storage");
      const all = storage.read("cert.pem") && storage.read("key.pem") ? FILES.length : 1;
      if (this.at >= all) {
        this.configure();
        return;
      }
      const file = FILES[this.at];
      this.pem = storage.read(file + ".pem") || "";
      if (this.pem.length > LONGEST) {
        this.fail(file + ".pem has more than " + LONGEST + " bytes");
        return;
      }
      // Named by its content: what is there is what is wanted, when the size is right.
      this.name = file + E.CRC32(this.pem) + ".pem";
      this.uploads = 0;
      this.sum = "";
      this.find();
    }

    private taken(): void {
      this.names.push(this.name);
      this.at++;
      this.nextFile();
    }

    private ask(
      text: string,
      prefix: string,
      done: (result: number, lines: string[]) => void,
    ): void {
      this.modem.at.send({
        text: "AT+" + text,
        prefix: prefix,
        done: (result, lines) => {
          if (result === TIMEOUT || result === ABORTED) this.fail("the modem does not answer");
          else done(result, lines);
        },
      });
    }

    private find(): void {
      this.ask('QFLST="' + this.name + '"', "+QFLST:", (_result, lines) => {
        const size = lines.length ? parseInt(lines[0].split(",")[1], 10) : 0;
        if (size === this.pem.length) this.taken();
        else if (size) this.erase();
        else this.upload();
      });
    }

    private erase(): void {
      this.ask('QFDEL="' + this.name + '"', "", () => this.upload());
    }

    private upload(): void {
      if (this.uploads++ > UPLOADS) {
        this.fail("the modem does not take " + FILES[this.at] + ".pem");
        return;
      }
      const size = this.pem.length;
      this.modem.at.send({
        text: 'AT+QFUPL="' + this.name + '",' + size + ",10",
        prefix: "+QFUPL:",
        payload: this.pem,
        timeout: UPLOAD_TIME,
        done: (result, lines) => {
          if (result === ABORTED) this.fail("the modem restarted");
          else if (
            result === EXISTS ||
            (result === ERROR && lines.join("").lastIndexOf("exist") >= 0)
          ) {
            this.erase();
          } else if (result === OK && lines.length) this.uploaded(lines[0].substr(7).split(","));
          else this.erase();
        },
      });
    }

    private uploaded(fields: string[]): void {
      const sum = fields.length > 1 ? fields[1].trim() : "";
      const right = parseInt(sum, 16) === checksum(this.pem);
      // A family may count otherwise; bytes that were lost twice don't make the same sum twice.
      if (parseInt(fields[0], 10) === this.pem.length && (right || (sum && sum === this.sum))) {
        this.taken();
      } else {
        this.sum = sum;
        this.erase();
      }
    }

    /** Verifies, and shows, as files were taken over. What begins with `!` must succeed. */
    private configure(): void {
      const c = '",' + this.context + ",";
      const names = this.names;
      this.steps = ['"sslversion' + c + "3", '"ciphersuite' + c + "0XFFFF", '"sni' + c + "1"];
      for (let i = 0; i < names.length; i++) {
        this.steps.push('!"' + SETTINGS[i] + c + '"UFS:' + names[i] + '"');
      }
      if (names.length) this.steps.push('!"ignorelocaltime' + c + "0");
      // 0: nobody is verified; 1: the server; 2: the device shows its certificate, too.
      const level = names.length > 1 ? 2 : names.length;
      this.steps.push('!"seclevel' + c + level);
      this.pem = "";
      this.nextStep();
    }

    private nextStep(): void {
      const step = this.steps.shift();
      if (step === undefined) {
        this.end(true);
        return;
      }
      const must = step.charAt(0) === "!";
      const text = must ? step.substr(1) : step;
      this.ask("QSSLCFG=" + text, "", (result) => {
        if (must && result !== OK) this.fail("the modem refuses " + text);
        else this.nextStep();
      });
    }

    private fail(why: string): void {
      logWarn("tls", why);
      this.end(false);
    }

    private end(ready: boolean): void {
      const waiting = this.waiting;
      this.waiting = [];
      this.busy = false;
      this.pem = "";
      for (const done of waiting) done(ready);
    }
  }

  return new Tls(owner, time, number);
}
