/**
 * The ESP32's own Wi-Fi as a link. The interpreter's driver gives up after a few tries, loses or
 * doubles events, and up to 2v29 may never call back: so every attempt has a deadline here, and
 * each new one starts from a disconnected driver.
 * @module
 */
import { logInfo, logWarn } from "../debug/log.ts";
import type { Link, LinkSettings } from "./link.ts";

/** No address after this long is a failed attempt, ms. */
const ATTEMPT = 30000;
/** Pause after a failed round over all networks, ms: the first, doubling up to the last. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 60000;

class WifiLink implements Link {
  isUp = false;
  private wifi: EspruinoWifi | undefined;
  private names: string[] = [];
  // In a closure, where no REPL prints it.
  private passwordOf: (index: number) => string = () => "";
  private listeners: ((up: boolean) => void)[] = [];
  private wanted = false;
  private index = 0;
  private pause = FIRST_PAUSE;
  private timer = 0;
  private trying = false;
  /** Counts attempts, so that a late answer to an old one is told apart. */
  private attempt = 0;
  private fault = "not started";

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
    if (this.wanted) return;
    this.wanted = true;
    this.start();
    this.connect();
  }

  down(): void {
    this.wanted = false;
    this.arm(0);
    this.change(false);
    if (this.wifi) this.wifi.disconnect();
  }

  onChange(listener: (up: boolean) => void): void {
    this.listeners.push(listener);
  }

  describe(): string {
    if (!this.isUp || !this.wifi) return "Wi-Fi down: " + this.fault;
    const status = this.wifi.getStatus();
    return (
      "Wi-Fi " +
      this.names[this.index] +
      ", " +
      this.wifi.getIP().ip +
      (status.rssi === undefined ? "" : ", " + status.rssi + " dBm")
    );
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
    this.trying = true;
    this.arm(ATTEMPT);
    // Connecting while the driver is started does nothing: it has to be off first.
    wifi.disconnect();
    wifi.connect(this.names[this.index], { password: this.passwordOf(this.index) }, (error) => {
      if (attempt !== this.attempt || !this.trying) return;
      if (error) this.failed("" + error);
      else this.connected();
    });
  }

  private connected(): void {
    if (!this.wanted || this.isUp) return;
    this.arm(0);
    this.trying = false;
    this.pause = FIRST_PAUSE;
    this.change(true);
    logInfo("wifi", "connected to " + this.names[this.index]);
  }

  /** The driver reports a loss, also in the middle of an attempt whose callback has yet to come. */
  private lost(reason: string): void {
    if (!this.isUp) {
      this.fault = "" + reason;
      return;
    }
    this.change(false);
    logWarn("wifi", "lost: " + reason);
    this.fault = "" + reason;
    this.arm(this.pause);
  }

  private failed(reason: string): void {
    this.trying = false;
    this.fault = reason;
    logWarn("wifi", "no connection to " + this.names[this.index] + ": " + reason);
    this.index = (this.index + 1) % this.names.length;
    if (this.index > 0) {
      this.arm(FIRST_PAUSE);
      return;
    }
    this.arm(this.pause);
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
  }

  /** One timer serves both: the end of an attempt and the pause before the next. */
  private arm(ms: number): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = ms ? setTimeout(() => this.timeUp(), ms) : 0;
  }

  private timeUp(): void {
    this.timer = 0;
    if (!this.wanted || this.isUp) return;
    if (this.trying) this.failed("no address in " + ATTEMPT / 1000 + " s");
    else this.connect();
  }

  private change(up: boolean): void {
    if (up === this.isUp) return;
    this.isUp = up;
    for (const listener of this.listeners) listener(up);
  }
}

export function createWifiLink(): Link {
  return new WifiLink();
}
