/**
 * The ESP32's own Wi-Fi as a link. The interpreter's driver gives up after a few tries, loses or
 * doubles events, and up to 2v29 may never call back: so every attempt has a deadline here, and
 * each new one starts from a disconnected driver.
 * @module
 */
import { logInfo, logWarn } from "../debug/log.ts";
import { timeOfDay } from "../system/clock.ts";
import { textOf } from "./connection.ts";
import type { Link, LinkIdentity, LinkSettings, LinkState, Signal } from "./link.ts";

/** No address after this long is a failed attempt; one that stays so long is a good network, ms. */
const PATIENCE = 30000;
/** Pause after a failed round over all networks, ms: the first, doubling up to the last. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 60000;
const NO_ADDRESS = "0.0.0.0";

class WifiLink implements Link {
  isUp = false;
  state: LinkState = "off";
  readonly counters = { ups: 0, downs: 0, failures: 0 };
  private wifi: EspruinoWifi | undefined;
  private names: string[] = [];
  // In a closure, where no REPL prints it.
  private passwordOf: (index: number) => string = () => "";
  private listeners: ((up: boolean) => void)[] = [];
  private index = 0;
  private pause = FIRST_PAUSE;
  private timer = 0;
  /** Counts attempts, so that a late answer to an old one is told apart. */
  private attempt = 0;
  private fault = "not started";
  private ip = "";

  up(settings: LinkSettings): void {
    const networks = settings.wifi;
    if (!Array.isArray(networks) || networks.length === 0) {
      throw new Error('Wi-Fi: "wifi" must list at least one {ssid, password}');
    }
    for (let i = 0; i < networks.length; i++) {
      if (typeof networks[i].ssid !== "string" || networks[i].ssid === "") {
        throw new Error('Wi-Fi: "wifi[' + i + '].ssid" is missing');
      }
    }
    this.names = networks.map((network) => network.ssid);
    this.passwordOf = (index) => networks[index].password || "";
    if (this.state !== "off") return;
    this.index = 0;
    this.start();
    this.connect();
  }

  down(): void {
    this.state = "off";
    this.fault = "switched off";
    this.arm(0);
    this.change(false);
    if (this.wifi) this.wifi.disconnect();
  }

  onChange(listener: (up: boolean) => void): void {
    this.listeners.push(listener);
  }

  look(): void {
    if (this.isUp && !this.hasAddress()) this.lost("the address is gone");
  }

  signal(): Signal {
    const dbm = this.isUp && this.wifi ? this.wifi.getStatus().rssi : undefined;
    if (dbm === undefined) return { dbm: dbm, bars: 0 };
    return { dbm: dbm, bars: Math.max(0, Math.min(4, ((dbm + 95) / 10) | 0)) };
  }

  identity(): LinkIdentity {
    if (!this.wifi) return {};
    const { mac, ip } = this.wifi.getIP();
    return this.isUp ? { mac: mac, ip: ip, ssid: this.ssid() } : { mac: mac };
  }

  time(): number | undefined {
    return timeOfDay();
  }

  describe(): string {
    if (!this.isUp) return "Wi-Fi down: " + this.fault;
    const dbm = this.signal().dbm;
    return "Wi-Fi " + this.ssid() + ", " + this.ip + (dbm === undefined ? "" : ", " + dbm + " dBm");
  }

  /** A late answer may come from another network than the one whose turn it is. */
  private ssid(): string {
    return (this.wifi as EspruinoWifi).getStatus().ssid || this.names[this.index];
  }

  private start(): void {
    if (this.wifi) return;
    const wifi = require("Wifi");
    this.wifi = wifi;
    // Releases up to 2v29 open an access point of their own.
    wifi.stopAP();
    wifi.on("connected", () => this.connected());
    wifi.on("disconnected", (details: any) => {
      this.lost((details && (details.msg || details.reason)) || "disconnected");
    });
  }

  private connect(): void {
    const attempt = ++this.attempt;
    const wifi = this.wifi as EspruinoWifi;
    this.state = "connecting";
    this.arm(PATIENCE);
    try {
      // Connecting while the driver is started does nothing: it has to be off first.
      wifi.disconnect();
      wifi.connect(this.names[this.index], { password: this.passwordOf(this.index) }, (error) => {
        if (attempt !== this.attempt || this.state !== "connecting") return;
        if (error) this.failed("" + error);
        else this.connected();
      });
    } catch (error) {
      this.failed(textOf(error));
    }
  }

  private connected(): void {
    if (this.state === "off") return;
    const ip = (this.wifi as EspruinoWifi).getIP().ip;
    // The driver also comes back by itself, untold; sockets of another address are dead then.
    if (ip === NO_ADDRESS || (this.isUp && ip === this.ip)) return;
    this.change(false);
    this.ip = ip;
    this.state = "up";
    this.arm(PATIENCE);
    logInfo("wifi", "connected to " + this.ssid());
    this.change(true);
  }

  /** The driver reports a loss, also in the middle of an attempt whose callback has yet to come. */
  private lost(reason: string): void {
    if (this.state !== "off") this.fault = reason;
    if (!this.isUp) return;
    logWarn("wifi", "lost: " + reason);
    this.rest();
    this.change(false);
  }

  private failed(reason: string): void {
    this.state = "waiting";
    this.fault = reason;
    this.counters.failures++;
    logWarn("wifi", "no connection to " + this.names[this.index] + ": " + reason);
    this.index = (this.index + 1) % this.names.length;
    if (this.index > 0) this.arm(FIRST_PAUSE);
    else this.rest();
  }

  private rest(): void {
    this.state = "waiting";
    this.arm(this.pause);
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
  }

  /** One timer serves all: the end of an attempt, the pause before the next, the proof of a network. */
  private arm(ms: number): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = ms ? setTimeout(() => this.timeUp(), ms) : 0;
  }

  private timeUp(): void {
    this.timer = 0;
    if (this.isUp) {
      this.look();
      if (this.isUp) this.pause = FIRST_PAUSE;
    } else if (this.state === "waiting") this.connect();
    else if (this.hasAddress()) this.connected();
    else this.failed("no address in " + PATIENCE / 1000 + " s");
  }

  /** What the driver says when asked: its events get lost. */
  private hasAddress(): boolean {
    const wifi = this.wifi as EspruinoWifi;
    return wifi.getStatus().station === "connected" && wifi.getIP().ip !== NO_ADDRESS;
  }

  private change(up: boolean): void {
    if (up === this.isUp) return;
    this.isUp = up;
    if (up) this.counters.ups++;
    else this.counters.downs++;
    for (const listener of this.listeners) listener(up);
  }
}

export function createWifiLink(): Link {
  return new WifiLink();
}
