/**
 * A link and network over a serial line, in lines of text: `up` and `down` both ways; `open ID PORT`,
 * `send ID BASE64`, `close ID` from the board; `data ID BASE64`, `end ID` to it.
 * @module
 */
import type { Link, LinkIdentity, LinkState, Signal } from "../../../../src/link/link.ts";
import type { NetworkDriver } from "../../../../src/link/network.ts";

const line: EspruinoSerial = global.Serial2;

class Line implements NetworkDriver {
  /** What came for each socket; null: closed by the peer. */
  private readonly sockets: { [id: number]: string } = {};
  private readonly ended: { [id: number]: boolean } = {};
  private next = 0;

  create(_host: string | undefined, port: number): number {
    const id = this.next++;
    this.sockets[id] = "";
    line.write("open " + id + " " + port + "\n");
    return id;
  }

  recv(id: number, most: number): string | number {
    const waiting = this.sockets[id];
    if (waiting === undefined || (waiting === "" && this.ended[id])) return -1;
    this.sockets[id] = waiting.substr(most);
    return waiting.substr(0, most);
  }

  send(id: number, bytes: string): number {
    if (this.sockets[id] === undefined) return -1;
    line.write("send " + id + " " + btoa(bytes) + "\n");
    return bytes.length;
  }

  close(id: number): void {
    if (this.sockets[id] === undefined) print("CLOSED UNKNOWN " + id);
    delete this.sockets[id];
    delete this.ended[id];
    line.write("close " + id + "\n");
  }

  accept(): number {
    return -1;
  }

  take(words: string[]): void {
    const id = parseInt(words[1], 10);
    if (this.sockets[id] === undefined) return;
    if (words[0] === "end") this.ended[id] = true;
    else this.sockets[id] += atob(words[2]);
  }
}

class LineLink implements Link {
  isUp = false;
  state: LinkState = "off";
  readonly counters = {};
  readonly driver = new Line();
  private buffer = "";
  private listener: (up: boolean) => void = () => {};
  private hears = false;

  up(): void {
    line.setup(115200, { tx: "D17", rx: "D16" });
    if (!this.hears) line.on("data", (bytes) => this.hear(bytes));
    this.hears = true;
    line.write("up\n");
  }

  down(): void {
    line.write("down\n");
    this.change(false);
  }

  onChange(listener: (up: boolean) => void): void {
    this.listener = listener;
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
    return "line";
  }

  private hear(bytes: string): void {
    const lines = (this.buffer + bytes).split("\n");
    this.buffer = lines[lines.length - 1];
    for (let i = 0; i < lines.length - 1; i++) {
      const words = lines[i].split(" ");
      if (words[0] === "up") this.change(true);
      else if (words[0] === "down") this.change(false);
      else this.driver.take(words);
    }
  }

  private change(up: boolean): void {
    if (up === this.isUp) return;
    this.isUp = up;
    this.listener(up);
  }
}

export function createLineLink(): Link {
  return new LineLink();
}
