/**
 * A board's console over Bluetooth: the connection of `@espruino-tools/core`, which speaks the Nordic
 * UART service, as a `Connection`. Not used of that package are its `eval` and `write`, which take
 * whatever line comes next for the answer and refuse pages of 127.0.0.1.
 * @module
 */
import { DeviceController } from "@espruino-tools/core";
import type { ConnectionEvents } from "../../../serial/connection.ts";
import { type Connection, Mailbox } from "../../../serial/connection.ts";
import { BoardError } from "../../../serial/errors.ts";

/** The library's connection, as it is once a way has been chosen. */
interface Line {
  isOpen: boolean;
  on(event: "data", listener: (bytes: string) => void): void;
  write(bytes: string, sent: () => void): void;
  close(): void;
}

/** The library's UART, with the log that our bundle hands over. */
interface Uart {
  connect(opened: (line: Line | null) => void): Line;
  onLog?: ((level: number, text: string) => void) | undefined;
}

/** Why there is no connection. */
export class NotConnected extends Error {
  /** @param why `chosen`: no board was; `reached`: the one that was is out of reach. */
  constructor(
    readonly why: "chosen" | "reached",
    readonly device: string,
  ) {
    super(why);
  }
}

const uart: Uart = new DeviceController().UART;

/** Whether this browser can; `insecure`: not at this address of the page. */
export function support(): "here" | "insecure" | "missing" {
  if ("bluetooth" in navigator) return "here";
  return isSecureContext ? "missing" : "insecure";
}

/**
 * Lets the person choose a board, and connects. Call it as the consequence of a click.
 * @throws NotConnected
 */
export function openUart(): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let device = "";
    uart.onLog = (_level, text) => {
      device ||= /^Device Name: +(.*)/.exec(text)?.[1] ?? "";
    };
    const line = uart.connect((opened) => {
      if (opened) resolve(new UartConnection(opened, device));
    });
    pressBluetooth();
    // It tells nobody that no board was chosen, or that it failed, but by closing.
    const { close } = line;
    line.close = () => {
      line.close = close;
      close();
      reject(new NotConnected(device === "" ? "chosen" : "reached", device));
    };
  });
}

/** Answers the library's own question, by which way to connect, before it is seen. */
function pressBluetooth(): void {
  const names = document.querySelectorAll<HTMLElement>(".esp-tools-name");
  const name = [...names].find(({ textContent }) => textContent === "Web Bluetooth");
  name?.parentElement?.click();
}

class UartConnection implements Connection {
  readonly lossy = false;
  private readonly mailbox = new Mailbox();
  /** Those who wait for a write that a lost connection never ends. */
  private readonly writing = new Set<(error: BoardError) => void>();
  private isClosing = false;

  constructor(
    private readonly line: Line,
    readonly name: string,
  ) {
    const { close } = line;
    line.on("data", (bytes) => this.mailbox.data(bytes));
    line.close = () => {
      line.close = close;
      close();
      this.end();
    };
  }

  listen(events: ConnectionEvents): void {
    this.mailbox.listen(events);
  }

  write(bytes: string): Promise<void> {
    if (!this.line.isOpen) return Promise.reject(this.lost());
    return new Promise((resolve, reject) => {
      this.writing.add(reject);
      this.line.write(bytes, () => {
        this.writing.delete(reject);
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    this.isClosing = true;
    if (this.line.isOpen) this.line.close();
  }

  private end(): void {
    for (const fail of this.writing) fail(this.lost());
    this.writing.clear();
    this.mailbox.closed(this.isClosing ? undefined : this.lost());
  }

  private lost(): BoardError {
    return new BoardError("lost", `${this.name}: the Bluetooth connection ended`);
  }
}
