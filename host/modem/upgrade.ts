/**
 * Upgrades of the module's own firmware: download, restarts, writing, and what goes wrong.
 *
 * A package is a line of JSON, `{"from","to","size","faults"}`, and filler up to `size` bytes; MiniFOTA
 * takes two, `NAME.mini_1` and `NAME.mini_2`.
 * @module
 */
import { type HttpResult, httpGet } from "./http-client.ts";
import type { Kernel } from "./kernel.ts";
import type { Upgrade } from "./nvram.ts";

/** What a package can have wrong with it. */
export interface PackageFaults {
  /** Error number of `END`. */
  end?: number;
  /** No more lines from this percentage on. */
  stuckAt?: number;
  /** A restart in the middle, at this percentage. */
  restartAt?: number;
  /** The restart comes without `END`. */
  noEnd?: boolean;
}

export interface PackageDescription {
  from: string;
  to: string;
  /** Bytes in all. */
  size?: number;
  faults?: PackageFaults;
}

/** Makes a package for a simulated module. */
export function makePackage(description: PackageDescription): string {
  const { size = 4096 } = description;
  return `${JSON.stringify({ ...description, size })}\n`.padEnd(size, "\xa5");
}

function readPackage(bytes: string): PackageDescription | undefined {
  try {
    const value = JSON.parse(bytes.slice(0, bytes.indexOf("\n") + 1)) as PackageDescription;
    const isWhole = typeof value.size === "number" && bytes.length === value.size;
    return typeof value.from === "string" && typeof value.to === "string" && isWhole
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}

/** What AT+QFOTADL asks for. */
export interface UpgradeRequest {
  url: string;
  /** 0: at the next restart, 1: at once. */
  mode: number;
  /** A line for each so many per cent of the download; 0: none. */
  downloadStep: number;
}

export interface UpgradeParts {
  kernel(): Kernel;
  /** Sends a line, whatever the module does. */
  tell(line: string): void;
  restart(): void;
}

const BLOCKED = 703;

/** Lines of `UPDATING`, as modules were seen to send them. */
const deltaSteps = [8, 16, 25, 33, 41, 50, 58, 66, 75, 83, 91];
const miniSteps: [first: number[], second: number[]] = [
  [2, 4, 9, 18, 27, 36, 45, 49, 60],
  [64, 72, 80, 88, 96],
];

export class Upgrader {
  /** A download under way. */
  private isLoading = false;

  constructor(private readonly parts: UpgradeParts) {}

  /** The kind that fits the module: by the size of its flash, the last part of the revision. */
  static kindOf({ family, nvram }: Kernel): Upgrade["kind"] {
    if (family.upgrade === "qualcomm") return "qualcomm";
    if (family.upgrade === "unisoc") return "delta";
    return /M16\b/.test(nvram.revision) ? "delta" : "mini";
  }

  /** Begins after AT+QFOTADL's OK. */
  begin(request: UpgradeRequest): void {
    const kernel = this.parts.kernel();
    const kind = Upgrader.kindOf(kernel);
    const { url } = request;
    if (this.isLoading) {
      this.tell(`"HTTPEND",${BLOCKED}`);
    } else if (kind === "mini") {
      const stage = kernel.nvram.upgrade?.stage === "mini-1" ? "mini-1" : "fetched";
      kernel.nvram.upgrade = { url, kind, stage, to: "", faults: {} };
      this.parts.restart();
    } else {
      this.download(request, kind);
    }
  }

  /** Power or reset took the module while it ran. */
  interrupted(): void {
    this.isLoading = false;
  }

  /**
   * Goes on at a start of the module; gives what kind of start it is: as usual, one that hears no
   * commands, one that hears a few, or none any more.
   */
  start(powerWasLost: boolean): "usual" | "deaf" | "mini" | "bricked" {
    const { nvram, family, options } = this.parts.kernel();
    const { upgrade } = nvram;
    if (!upgrade) return "usual";
    if (upgrade.stage === "writing" && powerWasLost && upgrade.kind !== "mini") {
      const { upgradePowerLoss = family.upgradePowerLoss } = options;
      if (upgradePowerLoss === "bricks") return "bricked";
      this.tell('"Last upgrade was not finished,continue upgrade"');
    }
    if (upgrade.kind === "mini") {
      this.runMini(upgrade);
      return "mini";
    }
    this.write(upgrade);
    return "deaf";
  }

  private tell(text: string): void {
    this.parts.tell(`+QIND: "FOTA",${text}`);
  }

  private download(request: UpgradeRequest, kind: "delta" | "qualcomm"): void {
    const kernel = this.parts.kernel();
    const { url, downloadStep } = request;
    this.isLoading = true;
    this.tell('"HTTPSTART"');
    let told = 0;
    const onProgress = (share: number) => {
      const percent = Math.floor(share * 100);
      if (kind !== "delta" || downloadStep === 0 || percent < told + downloadStep) return;
      told = percent - (percent % downloadStep);
      if (/M08\b/.test(kernel.nvram.revision)) return;
      this.tell(`"DOWNLOADING",${told}`);
    };
    const given = kernel.hooks.value.ask("fota-http");
    const end = (error: number) => {
      this.isLoading = false;
      this.tell(`"HTTPEND",${error}`);
    };
    if (typeof given === "number") {
      kernel.after(kernel.timing.fotaStep, () => end(given));
      return;
    }
    httpGet(kernel, { url, timeout: 6 * 60_000, onProgress }, (result) => {
      const error = result.error || (result.code === 200 ? 0 : 720);
      kernel.after(kernel.timing.fotaStep, () => {
        end(error);
        if (error === 0) this.fetched(request, kind, result);
      });
    });
  }

  private fetched(request: UpgradeRequest, kind: "delta" | "qualcomm", result: HttpResult): void {
    const { nvram } = this.parts.kernel();
    const found = readPackage(result.body);
    const fits = found?.from === nvram.revision;
    const faults = { ...found?.faults } as Record<string, number | boolean>;
    if (!fits) faults.end = found ? 507 : 505;
    const { url } = request;
    nvram.upgrade = { url, kind, stage: "fetched", to: found?.to ?? "", faults };
    if (request.mode === 1 || kind === "qualcomm") this.parts.restart();
  }

  /** Writes what is there, without a network. */
  private write(upgrade: Upgrade): void {
    upgrade.stage = "writing";
    this.tell('"START"');
    const sign = upgrade.kind === "qualcomm" ? "%" : "";
    this.steps(deltaSteps, upgrade, sign, () => {
      const { nvram, hooks } = this.parts.kernel();
      const error = Number(hooks.value.ask("fota-end") ?? upgrade.faults.end ?? 0);
      if (error === 0) nvram.revision = upgrade.to;
      this.finish(upgrade, error);
    });
  }

  private finish(upgrade: Upgrade, error: number): void {
    const { nvram, hooks, timing } = this.parts.kernel();
    nvram.upgrade = undefined;
    const isSilent = hooks.value.ask("fota-no-end") !== undefined || upgrade.faults.noEnd === true;
    if (!isSilent) this.tell(`"END",${error}`);
    this.parts.kernel().after(timing.fotaStep, () => this.parts.restart());
  }

  private steps(steps: number[], upgrade: Upgrade, sign: string, done: () => void): void {
    const { timing, hooks } = this.parts.kernel();
    const [percent, ...rest] = steps;
    if (percent === undefined) {
      done();
      return;
    }
    this.parts.kernel().after(timing.fotaStep, () => {
      const { stuckAt, restartAt } = upgrade.faults;
      const isStuck = hooks.value.ask("fota-stuck") !== undefined;
      if (isStuck || (typeof stuckAt === "number" && percent >= stuckAt)) {
        delete upgrade.faults.stuckAt;
        return;
      }
      this.tell(`"UPDATING",${percent}${sign}`);
      const restarts = hooks.value.ask("fota-restart") !== undefined;
      if (restarts || (typeof restartAt === "number" && percent >= restartAt)) {
        delete upgrade.faults.restartAt;
        this.parts.restart();
        return;
      }
      this.steps(rest, upgrade, sign, done);
    });
  }

  /** MiniFOTA: each half is fetched and written, with a restart in between. */
  private runMini(upgrade: Upgrade): void {
    const kernel = this.parts.kernel();
    const isSecond = upgrade.stage === "mini-1";
    const url = isSecond ? upgrade.url.replace(/mini_1$/, "mini_2") : upgrade.url;
    const again = () => kernel.after(kernel.timing.fotaFile, () => this.parts.restart());
    httpGet(kernel, { url, timeout: kernel.timing.fotaFile }, (result) => {
      const isHidden = isSecond && kernel.hooks.value.ask("fota-mini-2") !== undefined;
      const isThere = result.code === 200 && !isHidden;
      const found = isThere ? readPackage(result.body) : undefined;
      if (!isSecond && (!found || found.from !== kernel.nvram.revision)) {
        // Nothing is written yet: the old firmware comes back.
        if (result.body !== "" && result.error !== 0) again();
        else this.abandon();
        return;
      }
      // Without the second half the module stays as it is, until it is told where to find it.
      if (!found) return;
      upgrade.to = found.to;
      upgrade.faults = { ...found.faults } as Record<string, number | boolean>;
      const steps = isSecond ? miniSteps[1] : miniSteps[0];
      this.steps(steps, upgrade, "", () => {
        if (!isSecond) {
          upgrade.stage = "mini-1";
          this.parts.restart();
          return;
        }
        const error = Number(kernel.hooks.value.ask("fota-end") ?? upgrade.faults.end ?? 0);
        if (error === 0) kernel.nvram.revision = upgrade.to;
        this.finish(upgrade, error);
      });
    });
  }

  private abandon(): void {
    const kernel = this.parts.kernel();
    kernel.nvram.upgrade = undefined;
    kernel.after(kernel.timing.fotaFile, () => this.parts.restart());
  }
}
