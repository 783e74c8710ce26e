/**
 * Serial ports: data arrives in pieces, what is not read in time is lost.
 * @module
 */
import { type Core, runsOnLinux } from "./core.ts";
import { RandomNumbers } from "./random.ts";
import type { Value } from "./realm.ts";
import { checkSerialOptions, isKnownRate } from "./serial-options.ts";
import { defineUnmodelled } from "./unmodelled.ts";

/** Bytes of one `data` call at most. */
const pieceBytes = { chip: 64, linux: 32 };
/** What the port's driver and the interpreter's own buffer hold. */
const driverBytes = 1024;
const eventBytes = 4096;
const portNames = ["Serial1", "Serial2", "Serial3", "LoopbackA", "LoopbackB"];

interface Port {
  object: Value;
  name: string;
  path: string | undefined;
  options: Value;
  ready: boolean;
  /** Bytes that arrived and wait for the script. */
  waiting: string[];
}

/** The serial ports of one run. */
export class SerialPorts {
  private readonly ports = new Map<Value, Port>();
  private readonly pieces = new RandomNumbers();

  /** @param devices gets the names by which the ports show */
  constructor(
    private readonly core: Core,
    devices: Map<Value, string>,
  ) {
    const { realm } = core;
    const Serial = realm.class(
      (self) => {
        this.add(self, "Serial");
      },
      {
        setup: (self, baud, options) => this.setup(this.port(self), baud, options),
        unsetup: (self) => {
          this.unsetup(this.port(self));
        },
        write: (self, ...data) => {
          this.send(this.port(self), Buffer.concat(data.map((one) => core.bytes(one))));
        },
        print: (self, text) => this.send(this.port(self), core.bytes(core.text(text))),
        println: (self, text) => this.send(this.port(self), core.bytes(`${core.text(text)}\r\n`)),
        inject: (self, data) =>
          this.arrive(this.port(self), Buffer.from(core.bytes(data)).toString("latin1")),
        available: (self) => core.streams.available(self),
        read: (self, count) => core.streams.read(self, Number(count ?? 0)),
        // What was written has left the script already.
        flush: () => undefined,
        pipe: (self, destination) => {
          self.on(
            "data",
            realm.fn((_self, data) => {
              destination.write(data);
            }),
          );
        },
      },
    );
    defineUnmodelled(realm, Serial.prototype, "Serial.", "setConsole");
    realm.hide(realm.global, "Serial", Serial);
    for (const name of [...portNames, "USB", "Telnet"]) {
      const object = new Serial();
      this.port(object).name = name;
      devices.set(object, name);
      realm.hide(realm.global, name, object);
    }
    core.idleTasks.push(() => this.idle());
  }

  private add(object: Value, name: string): void {
    this.ports.set(object, {
      object,
      name,
      path: undefined,
      options: undefined,
      ready: false,
      waiting: [],
    });
  }

  private port(object: Value): Port {
    return this.ports.get(object) ?? this.core.realm.throw("Error", "Not a serial port");
  }

  private setup(port: Port, baud: Value, given: Value): void {
    const { core } = this;
    // Without options those of before are taken.
    const options = given === undefined ? port.options : given;
    const rate = checkSerialOptions(core, baud, options);
    port.options = options;
    port.ready = true;
    if (!runsOnLinux(core.board)) return;
    if (typeof options === "object" && options !== null) port.path = options.path;
    if (port.name.startsWith("Loopback")) return;
    if (typeof port.path !== "string") core.print("ERROR: No path defined for device\n");
    else if (!isKnownRate(rate)) core.print("ERROR: No baud rate defined for device\n");
  }

  private unsetup(port: Port): void {
    port.options = undefined;
    // Linux leaves the device open: its bytes come in all the same.
    if (!runsOnLinux(this.core.board)) port.ready = false;
  }

  private send(port: Port, bytes: Uint8Array): void {
    const text = Buffer.from(bytes).toString("latin1");
    const other = { LoopbackA: "LoopbackB", LoopbackB: "LoopbackA" }[port.name];
    if (other) {
      for (const peer of this.ports.values()) if (peer.name === other) this.arrive(peer, text);
      return;
    }
    if (port.name === this.core.board.machine.console.device) this.core.print(text);
    else this.core.host.serial(port.path ?? port.name)?.write(text);
  }

  /** Bytes came in from outside, for the port of this name or path. */
  receive(name: string, bytes: string): void {
    for (const port of this.ports.values())
      if (port.ready && (port.path === name || (port.path === undefined && port.name === name)))
        this.arrive(port, bytes);
  }

  private arrive(port: Port, bytes: string): void {
    const { core } = this;
    const isLinux = runsOnLinux(core.board);
    const most = isLinux ? pieceBytes.linux : pieceBytes.chip;
    let used = port.waiting.reduce((sum, piece) => sum + piece.length, 0);
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.slice(at, at + 1 + (this.pieces.next() % most));
      at += piece.length;
      // Linux keeps what is not read, and holds the sender back.
      if (!isLinux && used + piece.length > driverBytes + eventBytes) {
        core.flag("UART_OVERFLOW");
        return;
      }
      // These releases lose what is queued behind a full event (Espruino issue 2718).
      if (loses(core.board.machine.interpreter.version) && port.waiting.at(-1)?.length === most)
        continue;
      used += piece.length;
      port.waiting.push(piece);
    }
  }

  private idle(): boolean {
    let busy = false;
    for (const port of this.ports.values()) {
      const pieces = port.waiting;
      port.waiting = [];
      for (const piece of pieces) {
        busy = true;
        this.core.streams.push(port.object, piece, true);
      }
    }
    return busy;
  }
}

function loses(version: string): boolean {
  return /^2v2[6-9]$/.test(version);
}
