/**
 * A simulated module on a driven clock, and a test's talk with it.
 * @module
 */
import { DrivenClock, MemoryNetwork, Modem, type ModemOptions } from "../../host/modem/index.ts";

/** Well over any usual answer, ms. */
export const SOON = 50;

/** Boot, SIM card, registration. */
export const BOOT = 15_000;

export class Dialogue {
  readonly clock = new DrivenClock();
  readonly network = new MemoryNetwork(this.clock);
  readonly modem: Modem;
  /** Pieces as they came. */
  readonly pieces: string[] = [];
  private taken = 0;

  constructor(options: ModemOptions = {}) {
    this.modem = new Modem({ clock: this.clock, network: this.network, ...options });
    this.modem.connect((bytes) => this.pieces.push(bytes));
  }

  /** All bytes since the last time. */
  heard(): string {
    const bytes = this.pieces.slice(this.taken).join("");
    this.taken = this.pieces.length;
    return bytes;
  }

  /** Lets time pass and gives the bytes that came in it. */
  wait(ms: number): string {
    this.clock.run(ms);
    return this.heard();
  }

  /** Sends bytes as they are; gives what came in the time after it. */
  send(bytes: string, ms = SOON): string {
    this.modem.receive(bytes);
    return this.wait(ms);
  }

  /** Sends a command line; gives what came in the time after it. */
  ask(line: string, ms = SOON): string {
    return this.send(`${line}\r`, ms);
  }
}

/** A module that has run for a while, with echo off and its lines on this port. */
export function running(options: ModemOptions = {}): Dialogue {
  const dialogue = new Dialogue({ start: "ready", urcport: "uart1", ...options });
  dialogue.ask("ATE0");
  return dialogue;
}

/** The same with a context. */
export function online(options: ModemOptions = {}): Dialogue {
  const dialogue = running(options);
  dialogue.ask("AT+QIACT=1", 1000);
  return dialogue;
}

/** The same with a socket open to a server that keeps what it gets. */
export function connected(options: ModemOptions = {}) {
  const dialogue = online(options);
  const server = { got: "", send: (_: string) => {}, close: () => {}, pending: () => 0 };
  dialogue.network.listen("server.example", 1883, (peer) => {
    server.send = (bytes) => peer.send(bytes);
    server.close = () => peer.close();
    server.pending = () => peer.pending;
    return {
      onData: (bytes) => {
        server.got += bytes;
      },
    };
  });
  const opened = dialogue.ask('AT+QIOPEN=1,0,"TCP","server.example",1883,0,0', 500);
  return { dialogue, server, opened };
}

export const OK = "\r\nOK\r\n";
export const ERROR = "\r\nERROR\r\n";

/** An answer with lines of information. */
export const info = (...lines: string[]) =>
  `${lines.map((line) => `\r\n${line}\r\n`).join("")}${OK}`;
