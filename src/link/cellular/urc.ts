/**
 * What the modem reports by itself (Quectel AT and TCP/IP manuals, "URC"), and to whom it goes.
 * Handlers take notes; what follows from it happens at the next tick.
 * @module
 */
import type { AtEvents } from "./at.ts";
import { type Lifecycle, NO_CONTEXT, SILENT, WENT_OFF } from "./lifecycle.ts";
import type { Sockets } from "./sockets.ts";

export class Reports implements AtEvents {
  /** Set when both are made: they need the channel, which needs this. */
  lifecycle!: Lifecycle;
  sockets!: Sockets;
  /** Hears what is not known here; whether it knows it. */
  others: ((line: string) => boolean) | undefined;
  /** Socket of raw bytes that come unasked. */
  private pushed = 0;

  onUrc(line: string): number {
    if (line.startsWith("+QIURC:")) return this.socket(line.substr(7), 0);
    if (line.startsWith("+QSSLURC:")) return this.socket(line.substr(9), 1);
    const colon = line.indexOf(":");
    if (colon < 0) return this.word(line);
    const text = line.substr(colon + 1).trim();
    const life = this.lifecycle;
    switch (line.substr(0, colon)) {
      case "+QIOPEN":
      case "+QSSLOPEN":
        this.sockets.hearOpen(
          parseInt(text, 10),
          parseInt(text.substr(text.indexOf(",") + 1), 10),
          line.charAt(2) === "S" ? 1 : 0,
        );
        return 0;
      case "+CEREG":
      case "+CGREG":
        life.hearRegistration(line);
        return 0;
      case "+CPIN":
        life.hearSim(text !== "NOT READY" && text !== "NOT INSERTED");
        return 0;
      case "+QSIMSTAT":
        life.hearSim(text.substr(-1) !== "0");
        return 0;
      case "+CFUN":
        if (text === "1") life.hearStart(false);
        return 0;
      case "+CREG":
      case "+QUSIM":
        return 0;
    }
    return this.other(line);
  }

  onUrcRaw(bytes: string): void {
    this.sockets.push(this.pushed, bytes);
  }

  onUrcShort(_missing: number): void {
    this.sockets.pushFailed(this.pushed);
  }

  onDead(): void {
    this.lifecycle.hear(SILENT);
  }

  /** `"recv",id`, with a length: so many bytes follow; `"closed",id`; `"pdpdeact",context`. */
  private socket(text: string, tls: number): number {
    const fields = text.split(",");
    const id = parseInt(fields[1], 10);
    const what = fields[0].trim();
    if (what === '"recv"') {
      if (fields.length > 2) {
        this.pushed = id;
        return parseInt(fields[2], 10);
      }
      this.sockets.hearData(id, tls);
    } else if (what === '"closed"') this.sockets.hearClosed(id, tls);
    else if (what === '"pdpdeact"') this.lifecycle.hear(NO_CONTEXT);
    return 0;
  }

  private word(line: string): number {
    if (line === "RDY") {
      this.lifecycle.hearStart(true);
      this.other(line);
    } else if (line.endsWith("POWERED DOWN") || line.endsWith("POWER DOWN"))
      this.lifecycle.hear(WENT_OFF);
    else if (line !== "APP RDY") return this.other(line);
    return 0;
  }

  private other(line: string): number {
    const known = (this.others && this.others(line)) || line.startsWith("+QIND:");
    return known ? 0 : -1;
  }
}
