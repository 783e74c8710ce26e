/**
 * Packet data contexts, in two layers that may disagree: what AT+QIACT? shows, and the bearers that
 * AT+CGACT? shows.
 * @module
 */
import type { Kernel } from "./kernel.ts";

export interface ContextSettings {
  type: number;
  apn: string;
  user: string;
  password: string;
  authentication: number;
}

const unset: ContextSettings = { type: 1, apn: "", user: "", password: "", authentication: 0 };

/** The id that a network picks when it allows one context only. */
const FLOATING = 9;

export class PacketData {
  private readonly settings = new Map<number, ContextSettings>();
  private readonly addresses = new Map<number, string>();
  private readonly bearers = new Set<number>();
  /** Lost by the network, and not yet taken back by AT+QIDEACT. */
  private readonly lost = new Set<number>();
  /** How many bearers the network allows. */
  private allowed: number;
  /** Nothing works any more until the next restart. */
  isDegraded = false;

  constructor(
    private readonly kernel: Kernel,
    /** Called when a context is gone, with its id. */
    private readonly gone: (context: number) => void,
  ) {
    this.allowed = kernel.options.sim?.contexts ?? 3;
  }

  settingsOf(context: number): ContextSettings {
    return this.settings.get(context) ?? unset;
  }

  configure(context: number, settings: ContextSettings): void {
    this.settings.set(context, settings);
  }

  /** The network has the module: it gets its first bearer. */
  attach(): void {
    if (this.bearers.size === 0) this.bearers.add(this.allowed === 1 ? FLOATING : 1);
  }

  /** The network has lost the module. */
  detach(): void {
    this.bearers.clear();
    for (const context of [...this.addresses.keys()]) this.lose(context);
  }

  /** Activates; 0 or an error number of AT+QIGETERROR. */
  activate(context: number): number {
    if (this.isDegraded) return 552;
    if (this.addresses.has(context)) return 0;
    if (this.lost.has(context)) return 561;
    if (!this.bearers.has(context)) {
      if (this.bearers.size >= this.allowed) return 572;
      this.bearers.add(context);
    }
    this.addresses.set(context, this.addressOf(context));
    return 0;
  }

  deactivate(context: number): boolean {
    if (this.isDegraded) return false;
    this.lost.delete(context);
    if (!this.addresses.delete(context)) return true;
    if (this.allowed > 1 || this.bearers.size > 1) this.bearers.delete(context);
    this.gone(context);
    return true;
  }

  /** The network takes a context away and says so. */
  lose(context: number): void {
    if (!this.addresses.delete(context)) return;
    this.lost.add(context);
    this.gone(context);
    this.kernel.urc(`+QIURC: "pdpdeact",${context}`);
  }

  /** The bearer moves to another id, without a word: AT+QIACT? still shows an address. */
  drift(): void {
    this.allowed = 1;
    this.bearers.clear();
    this.bearers.add(FLOATING);
    for (const context of this.addresses.keys()) this.gone(context);
  }

  /** Leaves a bearer of an id that nobody asked for. */
  float(): void {
    this.allowed = 1;
    for (const context of [...this.addresses.keys()]) this.lose(context);
    this.bearers.clear();
    this.bearers.add(FLOATING);
    this.lost.clear();
  }

  isActive(context: number): boolean {
    return this.addresses.has(context);
  }

  /** Whether data gets through. */
  works(context: number): boolean {
    return !this.isDegraded && this.addresses.has(context) && this.bearers.has(context);
  }

  /** AT+QIACT?'s rows: id and address. */
  active(): [context: number, address: string][] {
    return [...this.addresses].sort(([one], [other]) => one - other);
  }

  /** AT+CGACT?'s rows: id and whether it has a bearer. */
  bearerRows(): [context: number, isActive: boolean][] {
    const ids = new Set([1, ...this.settings.keys(), ...this.bearers]);
    return [...ids].sort((one, other) => one - other).map((id) => [id, this.bearers.has(id)]);
  }

  /** AT+CGACT=: 0 or a CME number. */
  setBearer(context: number, isWanted: boolean): number {
    if (!isWanted) {
      this.bearers.delete(context);
      return 0;
    }
    if (!this.bearers.has(context) && this.bearers.size >= this.allowed) return 100;
    this.bearers.add(context);
    return 0;
  }

  addressOf(context: number): string {
    const own = this.kernel.options.address ?? "10.1.2.3";
    return context === 1 ? own : own.replace(/\d+$/, (last) => String((+last + context) % 254));
  }
}
