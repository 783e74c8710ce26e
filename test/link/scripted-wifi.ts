/**
 * A `Wifi` library that does only what the test says.
 * @module
 */
type Done = (error: string | null) => void;

export class ScriptedWifi {
  /** Calls so far, e.g. `"connect home"`. */
  readonly calls: string[] = [];
  private readonly listeners = new Map<string, ((details: unknown) => void)[]>();
  private done: Done | undefined;

  connect(ssid: string, _options: object, done: Done): void {
    this.calls.push(`connect ${ssid}`);
    this.done = done;
  }

  disconnect(): void {
    this.calls.push("disconnect");
  }

  stopAP(): void {
    this.calls.push("stopAP");
  }

  getStatus() {
    return { station: "connected", rssi: -61 };
  }

  getIP() {
    return { ip: "192.168.1.7", mac: "aa:bb:cc:dd:ee:ff" };
  }

  on(event: string, listener: (details: unknown) => void): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }

  emit(event: string, details: unknown = {}): void {
    for (const listener of this.listeners.get(event) ?? []) listener(details);
  }

  /** Answers the last `connect`. */
  answer(error: string | null): void {
    this.done?.(error);
  }

  /** How often `connect` was called, with which networks. */
  get attempts(): string[] {
    return this.calls.filter((call) => call.startsWith("connect ")).map((call) => call.slice(8));
  }
}
