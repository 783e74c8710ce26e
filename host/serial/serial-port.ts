/**
 * A serial port: `/dev/tty…`, `COM…`, a pseudo terminal. By `serialport`, upon which the `espruino`
 * tool is built. The tool's own connection is not used: it opens listed ports only, ends with code 0
 * when it can't open one, takes the process's globals, and sent 80 KB over a wire of 115200 baud in
 * 54 s, with and without its packets, where the wire takes 7 s.
 * @module
 */
import type { SerialPort } from "serialport";
import { type Connection, type ConnectionEvents, Mailbox } from "./connection.ts";
import { BoardError } from "./errors.ts";

/** How long the reset line is pulled, and the chip then takes to leave its ROM, in milliseconds. */
const RESET_PULSE = 100;
/** For what is still to be sent when the port is closed, in milliseconds. */
const DRAIN = 500;

/** `serialport`, loaded when it is needed; a package for this system may be missing. */
export async function loadSerialPort(): Promise<typeof SerialPort> {
  try {
    return (await import("serialport")).SerialPort;
  } catch (cause) {
    const text = `no access to serial ports on this system: ${(cause as Error).message}`;
    throw new BoardError(
      "not-opened",
      `${text}\nRun npm ci, or use a board over tcp://HOST:PORT.`,
      {
        cause,
      },
    );
  }
}

class SerialConnection implements Connection {
  readonly lossy = true;
  private readonly mailbox = new Mailbox();
  private leaving = false;

  constructor(
    readonly name: string,
    private readonly port: SerialPort,
  ) {
    port.on("data", (bytes: Buffer) => this.mailbox.data(bytes.toString("latin1")));
    port.on("error", () => {});
    port.on("close", () => this.mailbox.closed(this.leaving ? undefined : this.lost()));
  }

  private lost(cause?: Error): BoardError {
    const text = `${this.name} was unplugged, or its driver gave up`;
    return new BoardError("lost", `${text}. Plug the board in and run the command again.`, {
      cause,
    });
  }

  listen(events: ConnectionEvents): void {
    this.mailbox.listen(events);
  }

  write(bytes: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.port.isOpen) return reject(this.lost());
      this.port.write(Buffer.from(bytes, "latin1"), (error) => {
        if (!error) return resolve();
        // The system may tell only now, and never by itself, that the device has gone.
        const lost = this.lost(error);
        this.mailbox.closed(lost);
        reject(lost);
      });
    });
  }

  /** By the circuit of ESP32 boards: RTS pulls the reset, DTR off leaves the boot pin alone. */
  async reset(): Promise<void> {
    await this.setLines({ dtr: false, rts: true });
    await new Promise((resolve) => setTimeout(resolve, RESET_PULSE));
    await this.setLines({ dtr: false, rts: false });
  }

  /** Adapters without these lines, and pseudo terminals, refuse: then nothing happens. */
  private setLines(lines: { dtr: boolean; rts: boolean }): Promise<void> {
    return new Promise((resolve) => this.port.set(lines, () => resolve()));
  }

  async close(): Promise<void> {
    if (this.leaving || !this.port.isOpen) return;
    this.leaving = true;
    await Promise.race([
      new Promise((resolve) => this.port.drain(resolve)),
      new Promise((resolve) => setTimeout(resolve, DRAIN).unref()),
    ]);
    await new Promise((resolve) => this.port.close(resolve));
  }
}

/**
 * Opens a serial port.
 * @param baud bits a second
 * @throws BoardError `not-opened` with the reason and what to do
 */
export async function openSerial(path: string, baud: number): Promise<Connection> {
  const Port = await loadSerialPort();
  return new Promise((resolve, reject) => {
    const port = new Port({ path, baudRate: baud, autoOpen: false });
    port.open((error) => {
      if (error) reject(new BoardError("not-opened", reasonOf(path, error), { cause: error }));
      else resolve(new SerialConnection(path, port));
    });
  });
}

function reasonOf(path: string, error: Error): string {
  const { message } = error;
  if (/lock port|busy|Access denied/i.test(message)) {
    return `${path} is in use by another program: close other terminals, monitors and IDEs.`;
  }
  if (/permission denied/i.test(message)) {
    const group =
      process.platform === "linux" ? ": sudo usermod -aG dialout $USER, then log in again" : "";
    return `${path}: you may not use this port${group}.`;
  }
  if (/no such file|file not found|cannot find|ENOENT/i.test(message)) {
    return `${path} is not there: is the board plugged in, with a cable that carries data?`;
  }
  return `${path} can't be opened: ${message.replace(/^Error:?\s*/, "")}`;
}
