/**
 * The faults that the page switches on: a network that is cut, and downloads that fail.
 * @module
 */
import { EventEmitter } from "node:events";
import type { Cloud, Faults, TraceMessage } from "../cloud/index.ts";
import type { Ota } from "../cloud/ota/ota.ts";
import type { FaultName, FaultScope, FaultStates } from "./protocol.ts";

/** The network between devices and platform. */
export interface Network {
  readonly isCut: boolean;
  cut(): void;
  restore(): Promise<void>;
}

const DOWNLOAD_FAULTS: Record<Exclude<FaultName, "network">, Faults> = {
  expired: { expired: true },
  corrupt: { wrongBytes: true },
  block: { blockCrc: true },
};

export const FAULT_NAMES = ["network", ...Object.keys(DOWNLOAD_FAULTS)] as readonly FaultName[];

/** Emits `change` when something was switched, by the page or otherwise. */
export class FaultBoard extends EventEmitter<{ change: [] }> {
  readonly #network: Network;
  readonly #ota: Ota;
  readonly #stop: () => void;
  /** What was on when it was last told. */
  #told = "{}";

  constructor(network: Network, { ota, trace }: Pick<Cloud, "ota" | "trace">) {
    super();
    this.#network = network;
    this.#ota = ota;
    // The network may be cut elsewhere, and a fault may have struck as often as it should.
    const look = () => this.#look();
    const block = ({ topic }: TraceMessage) => {
      if (topic.endsWith("/thing/file/download")) this.#look();
    };
    trace.on("status", look).on("download", look).on("message", block);
    this.#stop = () => trace.off("status", look).off("download", look).off("message", block);
  }

  close(): void {
    this.#stop();
  }

  /** What is on now, whoever switched it; a fault that has struck often enough is off. */
  states(): FaultStates {
    const states: FaultStates = this.#network.isCut ? { network: "always" } : {};
    if (this.#ota.faultsLeft === 0) return states;
    const on = this.#ota.faults;
    const scope = on.times === undefined ? "always" : "once";
    if (on.expired) states.expired = scope;
    if (on.wrongBytes) states.corrupt = scope;
    if (on.blockCrc) states.block = scope;
    return states;
  }

  /** Switches a fault on, or off when no scope is given. Only one of the downloads' is on at a time. */
  async set(name: FaultName, scope: FaultScope | undefined): Promise<void> {
    if (name === "network") {
      if (scope === undefined) await this.#network.restore();
      else if (!this.#network.isCut) this.#network.cut();
    } else if (scope === undefined) {
      this.#ota.faults = {};
    } else {
      this.#ota.faults = { ...DOWNLOAD_FAULTS[name], ...(scope === "once" ? { times: 1 } : {}) };
    }
    this.#look();
  }

  #look(): void {
    const now = JSON.stringify(this.states());
    if (now === this.#told) return;
    this.#told = now;
    this.emit("change");
  }
}
