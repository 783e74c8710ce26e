/**
 * Registration with the network and the signal.
 * @module
 */
import type { Kernel } from "./kernel.ts";
import type { Profile } from "./nvram.ts";

export type Domain = "+CREG" | "+CGREG" | "+CEREG";

const domains: Domain[] = ["+CREG", "+CGREG", "+CEREG"];

export class Radio {
  stat = 0;
  /** What a read answers in place of the truth. */
  readStat: number | undefined;
  /** AT+CSQ's number while registered. */
  rssi: number;
  /** The card is there and the radio is on. */
  private isOn = false;
  private cancels: (() => void)[] = [];

  constructor(
    private readonly kernel: Kernel,
    private readonly profile: Profile,
    private readonly changed: (isRegistered: boolean) => void,
  ) {
    this.rssi = kernel.options.registration?.rssi ?? 24;
  }

  get isRegistered(): boolean {
    return this.stat === 1 || this.stat === 5;
  }

  /** What AT+CSQ tells now. */
  get signal(): number {
    return this.isOn && this.stat !== 0 && this.stat !== 4 ? this.rssi : 99;
  }

  /** Looks for a network; `swift` has it at once. */
  start(swift = false): void {
    this.cancel();
    this.isOn = true;
    const { timing, options } = this.kernel;
    const { stat = 1 } = options.registration ?? {};
    if (swift) {
      this.set(stat);
      return;
    }
    this.cancels = [
      this.kernel.after(timing.search, () => this.set(2)),
      this.kernel.after(timing.register, () => this.set(stat)),
    ];
  }

  stop(): void {
    this.cancel();
    this.isOn = false;
    this.set(0);
  }

  /** Registration changes, by itself or by a fault, and is told of where that was asked for. */
  set(stat: number): void {
    if (stat === this.stat) return;
    const was = this.isRegistered;
    this.stat = stat;
    for (const domain of domains) this.tell(domain);
    if (was !== this.isRegistered) this.changed(this.isRegistered);
  }

  /** Registration stays at this for so many ms, then the search begins anew. */
  force(stat: number, ms: number): void {
    this.cancel();
    if (!this.isOn) return;
    this.set(stat);
    if (ms > 0) this.cancels = [this.kernel.after(ms, () => this.start())];
  }

  tell(domain: Domain, stat = this.stat): void {
    const mode = this.profile.registration[domain];
    if (mode > 0) this.kernel.urc(`${domain}: ${stat}${this.cell(mode, stat)}`);
  }

  row(domain: Domain): string {
    const mode = this.profile.registration[domain];
    const stat = this.readStat ?? this.stat;
    return `${domain}: ${mode},${stat}${this.cell(mode, stat)}`;
  }

  private cell(mode: number, stat: number): string {
    if (mode < 2 || (stat !== 1 && stat !== 5)) return "";
    const { tac = "1A2B", ci = "01C3D4E5", act = 7 } = this.kernel.options.registration ?? {};
    return `,"${tac}","${ci}",${act}`;
  }

  private cancel(): void {
    for (const cancel of this.cancels) cancel();
    this.cancels = [];
  }
}
