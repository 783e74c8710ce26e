/**
 * A `Wifi` library that does only what the test says.
 * @module
 */
type Done = (error: string | null) => void;

const noAddress = "0.0.0.0";

export class ScriptedWifi {
  /** Calls so far, e.g. `"connect home"`. */
  readonly calls: string[] = [];
  /** How often the state was asked for. */
  asked = 0;
  /** What the next call of this name throws. */
  readonly throws: Record<string, string> = {};
  /** As `getStatus` tells it: the reason of the last loss while there is no connection. */
  station = "off";
  ip = noAddress;
  rssi: number | undefined = -61;
  private ssid: string | undefined;
  private readonly listeners = new Map<string, ((details: unknown) => void)[]>();
  private done: Done | undefined;

  connect(ssid: string, _options: object, done: Done): void {
    this.call(`connect ${ssid}`);
    this.ssid = ssid;
    this.done = done;
  }

  disconnect(): void {
    this.call("disconnect");
    if (this.station === "connected") this.leave("ASSOC_LEAVE");
  }

  stopAP(): void {
    this.call("stopAP");
  }

  getStatus() {
    this.asked++;
    const { station, ssid, rssi } = this;
    return station === "connected" ? { station, ssid, rssi } : { station };
  }

  getIP() {
    return { ip: this.ip, mac: "aa:bb:cc:dd:ee:ff" };
  }

  on(event: string, listener: (details: unknown) => void): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }

  /** Joins without a word: neither an event nor a callback. */
  join(ip = "192.168.1.7"): void {
    this.station = "connected";
    this.ip = ip;
  }

  /** Leaves without a word. */
  leave(reason: string): void {
    this.station = reason;
    this.ip = noAddress;
  }

  /** The event that the library tells, and nothing else. */
  emit(event: "connected" | "disconnected" | "associated", details?: object): void {
    for (const listener of this.listeners.get(event) ?? []) listener(details);
  }

  /** Answers the last `connect`, as often as it is called. */
  answer(error: string | null): void {
    this.done?.(error);
  }

  /** Joins, with what this interpreter's version tells about it. */
  joins(...told: ("callback" | "event")[]): void {
    this.join();
    for (const way of told) {
      if (way === "callback") this.answer(null);
      else this.emit("connected", { ip: this.ip });
    }
  }

  /** Loses the access point, and says so. */
  loses(msg = "BEACON_TIMEOUT"): void {
    this.leave(msg);
    this.emit("disconnected", { ssid: this.ssid, reason: "200", msg });
  }

  /** How often `connect` was called, with which networks. */
  get attempts(): string[] {
    return this.calls.filter((call) => call.startsWith("connect ")).map((call) => call.slice(8));
  }

  private call(text: string): void {
    this.calls.push(text);
    const [name = ""] = text.split(" ");
    const fault = this.throws[name];
    delete this.throws[name];
    if (fault !== undefined) throw new Error(fault);
  }
}
