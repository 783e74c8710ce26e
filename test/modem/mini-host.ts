/**
 * The least host that drives a module over real connections: one command at a time, lines nobody
 * asked for aside.
 * @module
 */
import { Modem, type ModemOptions, quickTiming } from "../../host/modem/index.ts";

/** A module in real time with nothing to wait for but the network. */
export const swift = {
  ...quickTiming,
  answer: 0,
  qiact: 0,
  qideact: 0,
  open: 0,
  sslOpen: 0,
  sendOk: 0,
  close: 0,
  http: 0,
};

export class MiniHost {
  readonly modem: Modem;
  private bytes = "";
  private readonly waiting: { pattern: RegExp; found: (bytes: string) => void }[] = [];

  constructor(options: ModemOptions = {}) {
    this.modem = new Modem({ start: "ready", urcport: "uart1", timing: swift, ...options });
    this.modem.connect((bytes) => {
      this.bytes += bytes;
      this.look();
    });
  }

  /** Waits for bytes that match, and takes them and all before them. */
  expect(pattern: RegExp): Promise<string> {
    return new Promise((found) => {
      this.waiting.push({ pattern, found });
      this.look();
    });
  }

  /** Whether bytes that match have come and were not taken. */
  has(pattern: RegExp): boolean {
    return pattern.test(this.bytes);
  }

  /** Sends a command line and waits for its result. */
  ask(line: string, result = /\r\n(OK|ERROR|\+CME ERROR: \d+)\r\n$/): Promise<string> {
    const answer = this.expect(result);
    void this.modem.receive(`${line}\r`);
    return answer;
  }

  async online(): Promise<void> {
    await this.ask("ATE0");
    await this.ask("AT+QIACT=1");
  }

  async send(id: number, bytes: string, command = "QISEND"): Promise<string> {
    await this.ask(`AT+${command}=${id},${bytes.length}`, /\r\n> /);
    const result = this.expect(/\r\n(SEND OK|SEND FAIL|ERROR)\r\n/);
    void this.modem.receive(bytes);
    return (await result).trim();
  }

  /** Reads what there is, at most so much. */
  async read(id: number, most: number, command = "QIRD"): Promise<string> {
    const { modem } = this;
    void modem.receive(`AT+${command}=${id},${most}\r`);
    const header = await this.expect(new RegExp(`\\+${command}: \\d+\\r\\n`));
    const count = Number(/(\d+)\r\n$/.exec(header)?.[1]);
    const rest = await this.expect(new RegExp(`^[^]{${count}}\\r\\n(\\r\\n)?OK\\r\\n`));
    return rest.slice(0, count);
  }

  close(): void {
    this.modem.close();
  }

  private look(): void {
    const first = this.waiting[0];
    const match = first?.pattern.exec(this.bytes);
    if (!first || !match) return;
    const end = match.index + match[0].length;
    const taken = this.bytes.slice(0, end);
    this.bytes = this.bytes.slice(end);
    this.waiting.shift();
    first.found(taken);
  }
}
