/**
 * The ESP32's module `Wifi` over a simulated air: events, answers and faults as in its source
 * (libs/network/esp32); callbacks come from the idle loop.
 * @module
 */
import type { Alarms } from "./alarms.ts";
import type { Core } from "./core.ts";
import type { AccessPoint, NetworkDriver } from "./host.ts";
import type { Value } from "./realm.ts";
import { defineUnmodelled } from "./unmodelled.ts";

const tries = 3;
const address = { ip: "192.168.4.2", netmask: "255.255.255.0", gw: "192.168.4.1" };
const mac = "30:ae:a4:04:b0:00";
const hostUnreachable = 118;
/** Reasons of a failed association and their numbers in ESP-IDF. */
const reasons = {
  NO_AP_FOUND: 201,
  "4WAY_HANDSHAKE_TIMEOUT": 15,
  BEACON_TIMEOUT: 200,
  ASSOC_LEAVE: 8,
};
type Reason = keyof typeof reasons;

/** The Wi-Fi of one run; also the network's valve. */
export class Wifi {
  private joined: AccessPoint | undefined;
  private started = false;
  private lastReason: string = "off";
  private hostname = "espressif";
  private object: Value;
  private pendingLookup: Value;
  /** Silent re-tries left since the last `connect()`. */
  private retries = 0;
  private accessPoint = false;

  constructor(
    private readonly core: Core,
    private readonly alarms: Alarms,
  ) {
    core.builtins.set("Wifi", () => this.make());
    core.idleTasks.push(() => this.watchAir());
  }

  get isUp(): boolean {
    return this.joined !== undefined;
  }

  /** The network as it is reached through this Wi-Fi: sockets of a lost link stay dead. */
  driver(network: NetworkDriver): NetworkDriver {
    const owners = new Map<number, AccessPoint>();
    const alive = (id: number) => this.joined !== undefined && owners.get(id) === this.joined;
    return {
      create: (host, port, type, options) => {
        if (host !== undefined && !this.isUp)
          return /^[\d.]+$/.test(host)
            ? { reason: "refused", errno: hostUnreachable }
            : { reason: "unknown-host", errno: 0 };
        const id = network.create(host, port, type, options);
        if (typeof id === "number" && this.joined) owners.set(id, this.joined);
        return id;
      },
      receive: (id, max, type) => (alive(id) ? network.receive(id, max, type) : ""),
      send: (id, bytes, type) => (alive(id) ? network.send(id, bytes, type) : 0),
      close: (id) => network.close(id),
      accept: (id) => network.accept(id),
      failure: (id) => network.failure?.(id),
    };
  }

  private emit(event: string, details: Record<string, unknown> = {}): void {
    this.core.emit(this.object, event, details);
  }

  private after(call: () => void): void {
    this.alarms.after(this.core.host.wifi.delay ?? 0, call);
  }

  private connect(ssid: string, password: string, done: Value): void {
    const wasStarted = this.started;
    this.started = true;
    if (!wasStarted) this.emit("sta_start");
    // The driver associates when it starts: a second connect() on a started one does nothing.
    else if (!this.joined) return;
    this.retries = tries - 1;
    this.after(() => this.associate(ssid, password, done, 1));
  }

  /** The network of this name, which may have another password. */
  private find(ssid: string, password: string): AccessPoint | undefined {
    const { networks, others } = this.core.host.wifi;
    const network = networks.find((candidate) => candidate.ssid === ssid);
    return network ?? (others ? { ssid, password } : undefined);
  }

  private associate(ssid: string, password: string, done: Value, attempt: number): void {
    if (!this.started) return;
    const { fault } = this.core.host.wifi;
    const network = this.find(ssid, password);
    if (fault === "never-calls-back") return;
    if (network && network.password === password) {
      this.emit("associated", { ssid, mac, channel: 6, authMode: "wpa2" });
      if (fault === "no-address") return;
      this.after(() => {
        if (!this.started) return;
        this.joined = { ...network };
        this.emit("connected", address);
        this.callBack(done, null);
      });
      return;
    }
    const reason: Reason = network ? "4WAY_HANDSHAKE_TIMEOUT" : "NO_AP_FOUND";
    this.lastReason = reason;
    this.emit("disconnected", this.farewell(ssid, reason));
    if (attempt < tries) {
      this.after(() => this.associate(ssid, password, done, attempt + 1));
      return;
    }
    this.started = false;
    this.callBack(done, reason);
  }

  private farewell(ssid: string, reason: Reason): Record<string, unknown> {
    return { ssid, mac, reason: String(reasons[reason]), msg: reason };
  }

  private callBack(done: Value, ...args: Value[]): void {
    if (typeof done === "function") this.core.queue(done, this.core.realm.global, args);
  }

  /** Notices when the access point in use goes or comes back. */
  private watchAir(): boolean {
    const { joined } = this;
    if (!joined) return false;
    if (this.find(joined.ssid, joined.password)?.password === joined.password) return false;
    this.joined = undefined;
    this.lose(joined, "BEACON_TIMEOUT");
    return true;
  }

  private lose({ ssid, password }: AccessPoint, reason: Reason): void {
    this.lastReason = reason;
    if (this.retries > 0) {
      this.retries--;
      this.after(() => {
        const back = this.find(ssid, password);
        if (!this.started || this.joined) return;
        if (back?.password !== password) return this.lose({ ssid, password }, "NO_AP_FOUND");
        this.joined = { ...back };
        this.emit("associated", { ssid, mac, channel: 6, authMode: "wpa2" });
        this.emit("connected", address);
      });
      return;
    }
    // After its re-tries the driver is stopped; the application must connect again.
    this.emit("disconnected", this.farewell(ssid, reason));
    this.started = false;
  }

  private disconnect(done: Value): void {
    const { joined } = this;
    this.joined = undefined;
    this.started = false;
    this.retries = 0;
    if (joined) {
      this.lastReason = "ASSOC_LEAVE";
      this.emit("disconnected", this.farewell(joined.ssid, "ASSOC_LEAVE"));
    }
    this.callBack(done, null);
  }

  private status(): Record<string, unknown> {
    const { joined } = this;
    const details = joined
      ? {
          ssid: joined.ssid,
          bssid: mac,
          channel: 6,
          rssi: joined.rssi ?? -60,
          htMode: "HT20",
          authMode: "wpa2",
        }
      : {};
    return {
      mode: this.accessPoint ? "sta+ap" : this.started ? "sta" : "off",
      station: joined ? "connected" : this.lastReason,
      ap: this.accessPoint ? "enabled" : "disabled",
      powersave: "ps-poll",
      savedMode: "off",
      ...details,
    };
  }

  private make(): Value {
    const { core } = this;
    const { realm } = core;
    const answer = (value: unknown, done: Value) => {
      if (typeof done === "function") this.callBack(done, null, realm.toScriptValue(value));
      return value;
    };
    const ip = () =>
      this.joined ? { ...address, mac } : { ip: "0.0.0.0", netmask: "0.0.0.0", gw: "0.0.0.0", mac };
    this.object = realm.object();
    realm.define(this.object, {
      connect: (_self, ssid, options, done) => {
        const password = options?.password === undefined ? "" : core.text(options.password);
        this.connect(core.text(ssid), password, done);
      },
      disconnect: (_self, done) => this.disconnect(done),
      startAP: (_self, _ssid, _options, done) => {
        this.accessPoint = true;
        this.callBack(done, null);
      },
      stopAP: (_self, done) => {
        this.accessPoint = false;
        this.callBack(done, null);
      },
      getStatus: (_self, done) => answer(this.status(), done),
      getDetails: (_self, done) => answer(this.status(), done),
      getAPDetails: (_self, done) => answer({ status: "disabled" }, done),
      getIP: (_self, done) => answer(ip(), done),
      getAPIP: (_self, done) => answer({ ip: "0.0.0.0", mac }, done),
      scan: (_self, done) => {
        const seen = core.host.wifi.networks.map(({ ssid, rssi }) => ({
          ssid,
          rssi: rssi ?? -60,
          channel: 6,
          authMode: "wpa2",
          isHidden: false,
          mac,
        }));
        this.after(() => this.callBack(done, realm.toScriptValue(seen)));
      },
      setHostname: (_self, name, done) => {
        this.hostname = core.text(name);
        this.callBack(done);
      },
      getHostname: (_self, done) => answer(this.hostname, done),
      getHostByName: (_self, name, done) => {
        // One look-up at a time: a second call drops the first one's callback.
        this.pendingLookup = done;
        this.after(() => {
          if (this.pendingLookup !== done) return;
          this.pendingLookup = undefined;
          this.callBack(done, (this.isUp && core.host.resolve(core.text(name))) || null);
        });
      },
    });
    const missing = ["ping", "save", "restore", "setSNTP", "setIP", "setConfig"];
    defineUnmodelled(core.realm, this.object, "Wifi.", ...missing);
    return this.object;
  }
}
