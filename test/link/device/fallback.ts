/**
 * Numbered messages over two links in turn: the first is the interpreter's own network, the second a
 * driver that is a broker itself. Prints what that broker receives and how the links change.
 * @module
 */
import { dial } from "../../../src/link/connection.ts";
import { createFallbackLink } from "../../../src/link/fallback.ts";
import type { Link, LinkIdentity, LinkState, Signal } from "../../../src/link/link.ts";
import type { NetworkDriver } from "../../../src/link/network.ts";
import { MqttClient } from "../../../src/mqtt/client.ts";

interface Settings {
  port: number;
  /** Messages in all. */
  count: number;
  /** Times that the first link goes and comes back. */
  rounds: number;
}

const settings: Settings = global.settings;
/** Milliseconds between messages. */
const PACE = 10;

/** A link that goes up and down as it is told. */
class ToldLink implements Link {
  isUp = false;
  state: LinkState = "off";
  readonly counters = {};
  readonly driver?: NetworkDriver | undefined;
  private readonly startsUp: boolean;
  private listeners: ((up: boolean) => void)[] = [];

  constructor(startsUp: boolean, driver?: NetworkDriver) {
    this.startsUp = startsUp;
    this.driver = driver;
  }

  up(): void {
    if (this.startsUp) setTimeout(() => this.set(true), 0);
  }

  down(): void {
    this.set(false);
  }

  set(up: boolean): void {
    if (up === this.isUp) return;
    this.isUp = up;
    for (const listener of this.listeners) listener(up);
  }

  onChange(listener: (up: boolean) => void): void {
    this.listeners.push(listener);
  }

  look(): void {}

  signal(): Signal {
    return { dbm: undefined, bars: 0 };
  }

  identity(): LinkIdentity {
    return {};
  }

  time(): number | undefined {
    return undefined;
  }

  describe(): string {
    return this.driver ? "script" : "own";
  }
}

/** The least of a broker, as a network: it is connected to whatever address is asked for. */
class ScriptBroker implements NetworkDriver {
  private incoming = "";
  private outgoing = "";
  private readonly received: (payload: string) => void;

  constructor(received: (payload: string) => void) {
    this.received = received;
  }

  create(): number {
    this.incoming = "";
    this.outgoing = "";
    return 1;
  }

  recv(_id: number, most: number): string {
    const part = this.outgoing.substr(0, most);
    this.outgoing = this.outgoing.substr(most);
    return part;
  }

  send(_id: number, bytes: string): number {
    this.incoming += bytes;
    while (this.incoming.length > 1 && this.incoming.length >= this.incoming.charCodeAt(1) + 2) {
      const length = this.incoming.charCodeAt(1) + 2;
      this.answer(this.incoming.substr(0, length));
      this.incoming = this.incoming.substr(length);
    }
    return bytes.length;
  }

  close(): void {}

  accept(): number {
    return -1;
  }

  private answer(packet: string): void {
    const type = packet.charCodeAt(0) >> 4;
    if (type === 1) this.outgoing += "\x20\x02\x00\x00";
    else if (type === 12) this.outgoing += "\xd0\x00";
    else if (type === 3) {
      const id = 4 + packet.charCodeAt(3);
      this.outgoing += "\x40\x02" + packet.substr(id, 2);
      this.received(packet.substr(id + 2));
    }
  }
}

let bySecond = 0;
let round = 0;
let sent = 0;
let settled = 0;

const first = new ToldLink(true);
const second = new ToldLink(
  true,
  new ScriptBroker((payload) => {
    print("second " + payload);
    // Some of each round over the second link, then the first is there again.
    if (++bySecond % 10 === 0) first.set(true);
  }),
);
const link = createFallbackLink(first, second, { downAfter: 0.05, stableFor: 0.1 });

const client = new MqttClient(
  {
    dial: () => dial(false, { host: "127.0.0.1", port: settings.port }),
    credentials: () => ({ clientId: "numbers", username: "user", password: "password" }),
    keepalive: 60,
    cleanSession: false,
    backoff: { first: 20, max: 100 },
    connectTimeout: 10,
  },
  {
    onMessage: () => {},
    onOnline: () => {
      if (sent === 0) publish();
    },
    onOffline: (error) => print("offline " + error.name),
  },
);

function publish(): void {
  if (sent === settings.count) return;
  const id = client.publishText("numbers", "" + (sent + 1), 1, onSettled);
  // A full outbox is no loss: the number is offered again.
  if (id > 0) sent++;
  setTimeout(publish, PACE);
}

function onSettled(): void {
  settled++;
  if (settled === settings.count) {
    client.stop(() => {
      print("counters " + JSON.stringify(link.counters));
      print("usage " + process.memory().usage);
      print("done " + settled);
    });
    return;
  }
  // In the middle of each round's share, over the first link.
  const share = settings.count / (settings.rounds + 1);
  if (round < settings.rounds && settled >= share * (round + 0.5) && first.isUp && !second.isUp) {
    round++;
    first.set(false);
  }
}

link.onChange((up) => {
  print("link " + up);
  client.linkChanged(up);
});
client.linkChanged(false);
link.up({});
client.start();
