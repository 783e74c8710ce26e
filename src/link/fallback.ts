/**
 * Two links in order of preference, as one: the second is started when the first has been down for a
 * while, and stopped again when the first has been up for a while. At each change of the link the
 * listeners hear a loss and all sockets are closed, so that no socket is asked for at the wrong
 * network; what waits for an answer (QoS 1) is sent again over the other link.
 * @module
 */
import { logInfo, logWarn } from "../debug/log.ts";
import { textOf } from "./connection.ts";
import type {
  Link,
  LinkIdentity,
  LinkSettings,
  LinkState,
  Signal,
  UpgradeListener,
} from "./link.ts";
import { closeSockets, useNetworkOf } from "./network.ts";

export interface FallbackOptions {
  /** Seconds that the first link must be down before the second is started. */
  downAfter: number;
  /** Seconds that the first link must be up without a break before the second is left for it. */
  stableFor: number;
}

// What the timer waits for.
const NOTHING = 0;
const DOWN = 1;
const STABLE = 2;

class FallbackLink implements Link {
  isUp = false;
  readonly counters = { ups: 0, downs: 0, switches: 0 };
  upgrade?: NonNullable<Link["upgrade"]>;
  private readonly first: Link;
  private readonly second: Link;
  private readonly options: FallbackOptions;
  /** The one whose network the sockets use. */
  private current: Link;
  private listeners: ((up: boolean) => void)[] = [];
  private wanted = false;
  /** In a closure: the settings hold secrets. */
  private startSecond: () => void = () => {};
  /** Whether the second link is started. */
  private started = false;
  /** An upgrade of the second's own firmware keeps it going. */
  private upgrading = false;
  /** Sockets are being closed for the other link. */
  private switching = false;
  private isStable = false;
  private timer = 0;
  private awaited = NOTHING;

  constructor(first: Link, second: Link, options: FallbackOptions) {
    this.first = this.current = first;
    this.second = second;
    this.options = options;
    first.onChange((up) => {
      if (!up) this.isStable = false;
      this.decide();
    });
    second.onChange(() => this.decide());
    if (first.upgrade) this.upgrade = (url, version, to) => first.upgrade?.(url, version, to);
    else if (second.upgrade)
      this.upgrade = (url, version, to) => this.upgradeSecond(url, version, to);
  }

  up(settings: LinkSettings): void {
    if (this.wanted) return;
    this.startSecond = () => this.second.up(settings);
    useNetworkOf(this.current);
    this.first.up(settings);
    this.wanted = true;
    this.decide();
  }

  down(): void {
    this.wanted = this.started = this.isStable = false;
    this.wait(NOTHING);
    this.first.down();
    this.second.down();
    this.tell(false);
  }

  onChange(listener: (up: boolean) => void): void {
    this.listeners.push(listener);
  }

  get state(): LinkState {
    if (this.current.isUp) return this.isUp ? "up" : "connecting";
    return this.started ? this.second.state : this.first.state;
  }

  look(): void {
    this.current.look();
  }

  signal(): Signal {
    return this.current.signal();
  }

  identity(): LinkIdentity {
    return this.current.identity();
  }

  time(): number | undefined {
    const time = this.first.time();
    return time === undefined ? this.second.time() : time;
  }

  describe(): string {
    return (
      this.current.describe() +
      (this.current === this.first ? "" : " (instead of " + this.first.describe() + ")")
    );
  }

  /** One that a restart interrupts goes on when the second link is started the next time. */
  private upgradeSecond(url: string, version: string, listener: UpgradeListener): void {
    this.upgrading = true;
    this.start();
    (this.second as any).upgrade(url, version, {
      reach: (percent: number, text: string) => listener.reach(percent, text),
      done: (failure: string) => {
        this.upgrading = false;
        listener.done(failure);
        this.decide();
      },
    });
  }

  /** Looks at both links and does what follows. May be called by what it does itself. */
  private decide(): void {
    if (!this.wanted || this.switching) return;
    const first = this.first;
    const second = this.second;
    const isSecond = this.current === second;
    if (isSecond ? first.isUp && (this.isStable || !second.isUp) : !first.isUp && second.isUp) {
      this.switchTo(isSecond ? first : second);
      return;
    }
    if (first.isUp && !isSecond && this.started && !this.upgrading) {
      this.started = false;
      second.down();
    }
    if (first.isUp) this.wait(isSecond ? STABLE : NOTHING);
    else this.wait(this.started ? NOTHING : DOWN);
    this.tell(this.current.isUp);
  }

  private switchTo(link: Link): void {
    this.switching = true;
    this.wait(NOTHING);
    // Asked for first, as a listener might throw.
    closeSockets(() => {
      this.switching = false;
      if (!this.wanted) return;
      this.counters.switches++;
      this.current = useNetworkOf(link);
      logInfo("link", "now " + link.describe());
      this.decide();
    });
    this.tell(false);
  }

  private start(): void {
    if (this.started) return;
    this.started = true;
    try {
      this.startSecond();
    } catch (error) {
      logWarn("link", "the second link can't start: " + textOf(error));
    }
  }

  /** Begins to wait, unless it waits for just that already. */
  private wait(awaited: number): void {
    if (awaited === this.awaited) return;
    this.awaited = awaited;
    if (this.timer) clearTimeout(this.timer);
    this.timer = 0;
    if (awaited === NOTHING) return;
    const { downAfter, stableFor } = this.options;
    this.timer = setTimeout(
      () => {
        this.timer = 0;
        this.awaited = NOTHING;
        if (awaited === DOWN) this.start();
        else this.isStable = true;
        this.decide();
      },
      (awaited === DOWN ? downAfter : stableFor) * 1000,
    );
  }

  private tell(up: boolean): void {
    if (up === this.isUp) return;
    this.isUp = up;
    if (up) this.counters.ups++;
    else this.counters.downs++;
    for (const listener of this.listeners) listener(up);
  }
}

/** The first link, and the second in its place while the first is down. */
export function createFallbackLink(first: Link, second: Link, options: FallbackOptions): Link {
  return new FallbackLink(first, second, options);
}
