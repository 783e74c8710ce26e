/**
 * The SIM card: whether it is there, its PIN, and what the module says about it at start.
 * @module
 */
import type { Kernel } from "./kernel.ts";
import type { SimState } from "./options.ts";

/** CME numbers of the states in which the card can't be used. */
const errors: Partial<Record<SimState, number>> = {
  absent: 10,
  failure: 13,
  busy: 14,
  wrong: 15,
};

export class SimCard {
  /** Sum of 1 (card ready), 2 (SMS), 4 (phone book), for AT+QINISTAT. */
  initialised = 0;
  /** Not looked at yet, looked at, or switched off by AT+CFUN=0. */
  private phase: "unknown" | "known" | "off" = "unknown";
  private cancels: (() => void)[] = [];

  constructor(
    private readonly kernel: Kernel,
    /** Called when the card becomes usable, and when it no longer is. */
    private readonly changed: (isReady: boolean) => void,
    /** AT+QSIMSTAT asked for lines about the card's coming and going. */
    private readonly tellsInsertion: () => boolean,
  ) {}

  private get card() {
    return this.kernel.nvram.card;
  }

  get isReady(): boolean {
    return this.phase === "known" && this.card.state === "ready";
  }

  get isInserted(): boolean {
    return this.card.state !== "absent";
  }

  /** AT+CPIN?'s answer: a text, or a CME number. */
  get status(): string | number {
    if (this.phase === "off") return 13;
    if (this.phase === "unknown") return this.initialised === -1 ? 14 : 10;
    const error = errors[this.card.state];
    if (error !== undefined) return error;
    if (this.card.state === "pin") return "SIM PIN";
    return this.card.state === "puk" ? "SIM PUK" : "READY";
  }

  /** Reads the card, as after power-on and AT+CFUN=1. */
  start(swift = false): void {
    this.stop();
    this.phase = "unknown";
    this.initialised = 0;
    if (swift) {
      this.phase = "known";
      if (this.isReady) this.ready(true);
      return;
    }
    const { cpin } = this.kernel.timing;
    this.later(cpin * 0.6, () => {
      this.initialised = this.isInserted ? -1 : 0;
    });
    this.later(cpin, () => {
      this.phase = "known";
      this.initialised = 0;
      this.tell();
      if (this.isReady) this.ready(false);
    });
  }

  /** AT+CFUN=0. */
  switchOff(): void {
    const was = this.isReady;
    this.stop();
    this.phase = "off";
    this.initialised = 0;
    if (was) this.kernel.urc("+CPIN: NOT READY");
    if (was) this.changed(false);
  }

  /** Tries a PIN; 0 or a CME number. */
  enter(pin: string): number {
    const { card } = this;
    if (this.phase !== "known") return 14;
    const error = errors[card.state];
    if (error !== undefined) return error;
    if (card.state === "ready") return 3;
    if (card.state === "puk") return 12;
    if (pin !== card.pin) {
      if (--card.tries <= 0) card.state = "puk";
      return 16;
    }
    card.tries = 3;
    card.state = "ready";
    return 0;
  }

  /** What follows the right PIN. */
  entered(): void {
    this.tell();
    this.ready(false);
  }

  /** The card changes under the running module. */
  become(state: SimState): void {
    if (this.card.state === state) return;
    const was = this.isReady;
    const wasInserted = this.isInserted;
    this.card.state = state;
    if (this.phase !== "known") return;
    if (was) {
      this.stop();
      this.initialised = 0;
      this.kernel.urc("+CPIN: NOT READY");
    }
    if (this.isInserted !== wasInserted && this.tellsInsertion()) {
      this.kernel.urc(`+QSIMSTAT: 1,${this.isInserted ? 1 : 0}`);
    }
    if (was) this.changed(false);
    else if (state === "ready") this.entered();
    else if (typeof this.status === "string") this.tell();
  }

  /** The loss of a card's power makes it ask for its PIN again. */
  static powerDown(card: { state: SimState; pin: string | undefined }): void {
    if (card.state === "ready" && card.pin !== undefined) card.state = "pin";
  }

  private tell(): void {
    const { status } = this;
    this.kernel.urc(`+CPIN: ${typeof status === "number" ? "NOT READY" : status}`);
  }

  private ready(swift: boolean): void {
    const { qusim, smsDone, pbDone } = this.kernel.timing;
    if (swift) {
      this.initialised = 7;
    } else {
      this.initialised = 1;
      this.later(qusim, () => this.kernel.urc("+QUSIM: 1"));
      this.later(qusim + smsDone, () => this.step(2, "+QIND: SMS DONE"));
      this.later(qusim + smsDone + pbDone, () => this.step(4, "+QIND: PB DONE"));
    }
    this.changed(true);
  }

  private step(bit: number, line: string): void {
    this.initialised |= bit;
    this.kernel.urc(line);
  }

  private later(ms: number, call: () => void): void {
    this.cancels.push(this.kernel.after(ms, call));
  }

  private stop(): void {
    for (const cancel of this.cancels) cancel();
    this.cancels = [];
  }
}
