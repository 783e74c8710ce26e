/**
 * What a person wants to know of a modem, read from the bytes between it and the board: what is the
 * same as before is not told again.
 * @module
 */

const REGISTRATION = [
  "not registered",
  "registered, home network",
  "searching a network",
  "registration denied",
  "out of coverage",
  "registered, roaming",
];
/** Bars of AT+CSQ's numbers; a change within one is not told. */
const BARS = [2, 8, 14, 20];
const UNKNOWN_SIGNAL = 99;
const LONGEST_LINE = 600;
const UPGRADE = '+QIND: "FOTA",';

/** Follows one modem. */
export class ModemLog {
  private line = "";
  private readonly told = new Map<string, string>();

  /** @param tell takes a line of text for each change */
  constructor(private readonly tell: (text: string) => void) {}

  /** Takes bytes as they pass, a byte string; `<` is to the board. */
  trace(direction: ">" | "<", bytes: string): void {
    if (direction === ">") return;
    for (const part of bytes.split(/(?<=[\r\n])/)) {
      this.line += part;
      if (/[\r\n]$/.test(part) || this.line.length > LONGEST_LINE) {
        this.hear(this.line.trim());
        this.line = "";
      }
    }
  }

  private hear(line: string): void {
    if (line === "RDY") {
      this.told.clear();
      this.tell("started");
    } else if (/^(NORMAL POWER DOWN|POWERED DOWN)$/.test(line)) this.tell("going off");
    else if (line.startsWith("+CPIN: ")) this.change("SIM", line.slice(7));
    else if (line.startsWith("+CEREG: ")) this.registration(line.slice(8));
    else if (line.startsWith("+CSQ: ")) this.signal(Number.parseInt(line.slice(6), 10));
    else if (line.startsWith("+COPS: ")) {
      const operator = /"([^"]*)"/.exec(line)?.[1];
      if (operator !== undefined) this.change("operator", operator);
    } else if (line.startsWith("+QIACT: ")) {
      const address = /,"([^"]*)"/.exec(line)?.[1];
      if (address !== undefined) this.change("address", address);
    } else if (line.startsWith('+QIURC: "pdpdeact"')) {
      this.told.delete("address");
      this.tell("the context is lost");
    } else if (line.startsWith("Revision: ")) this.change("revision", line.slice(10));
    else if (line.startsWith(UPGRADE)) this.upgrade(line.slice(UPGRADE.length));
  }

  /** A report has the state first, an answer has it behind the mode. */
  private registration(text: string): void {
    const fields = text.split(",");
    if (/^\d+$/.test(fields[1] ?? "")) fields.shift();
    const [stat = "", area, cell] = fields.map((field) => field.replace(/"/g, ""));
    const state = REGISTRATION[Number(stat)] ?? `registration ${stat}`;
    this.change("", area && cell ? `${state}, cell ${area} ${cell}` : state);
  }

  private signal(rssi: number): void {
    const isKnown = rssi >= 0 && rssi < UNKNOWN_SIGNAL;
    const bars = isKnown ? BARS.filter((least) => rssi >= least).length : -1;
    if (this.told.get("bars") === String(bars)) return;
    this.told.set("bars", String(bars));
    this.tell(isKnown ? `signal ${-113 + 2 * rssi} dBm, ${bars} of 4` : "no signal");
  }

  private upgrade(text: string): void {
    const [stage, value] = text.split(",").map((field) => field.replace(/"/g, ""));
    if (stage === "DOWNLOADING" || stage === "UPDATING")
      this.change("upgrade", `${stage.toLowerCase()} ${value} %`);
    else this.change("upgrade", value === undefined ? `${stage}` : `${stage} ${value}`);
  }

  private change(what: string, value: string): void {
    if (this.told.get(what) === value) return;
    this.told.set(what, value);
    this.tell(`${what} ${value}`.trim());
  }
}
