/**
 * `AliIotOTA`: updates, with the members of QuecPython's `aliIot` in camelCase.
 * @module
 */
import { device } from "#board";
import type { AliIot } from "../ali/aliiot.ts";
import { describeError, logError, logInfo, logWarn } from "../debug/log.ts";
import { link } from "../link/index.ts";
import { openJournal } from "../store/boot-journal.ts";
import { readChoice } from "../store/choice.ts";
import { runLate } from "../system/late.ts";
import { FILE_REPLY } from "./blocks.ts";
import { UPGRADE_FAILED } from "./failure.ts";
import { Installer } from "./installer.ts";
import { offersPackage, packageName } from "./package.ts";
import { isUnsettled, planRecord } from "./plan.ts";
import { imageFile, type RunningImage, runningImage } from "./running.ts";

const PART = "ota";
const STATES = ["loading", "waits for the restart", "failed", "over"];

/** The manual's `get_ota_info`. */
export interface OtaInfo {
  otaModule: string;
  otaVersion: string;
}

/** True: now. False: later, asked again every minute. A text: no, and why. */
export type CanUpdate = (info: OtaInfo) => boolean | string;

/**
 * Updates of the device: the manual's class.
 * @public
 */
export class AliIotOTA {
  /** @internal */
  readonly projectName: string;
  /** @internal */
  readonly firmwareName: string;
  /** @internal */
  readonly image: RunningImage | undefined;
  /** @internal */
  canUpdate: CanUpdate | undefined;
  /** @internal */
  autoConfirm = true;
  /** @internal */
  server: AliIot | undefined;
  /**
   * Does the work; read when there is some.
   * @internal
   */
  installer: Installer | undefined;
  /**
   * What was set, until `start` has read it: it takes much memory.
   * @internal
   */
  message: any = undefined;
  /**
   * How many calls of `start` wait no longer for the installer, of so many in all.
   * @internal
   */
  begun = 0;
  private starts = 0;
  private info: OtaInfo = { otaModule: "default", otaVersion: "" };
  /** Version of the firmware module that the platform was told. */
  private linkVersion: string | undefined;

  /** The software module is the application; the firmware module is the link's own firmware. */
  constructor(projectName: string, firmwareName: string) {
    this.projectName = projectName;
    this.firmwareName = firmwareName;
    this.image = runningImage();
    if (device.keys.length === 0) logWarn(PART, "no key: unsigned images are accepted");
  }

  /** Version of the software module that runs; empty where no image does. */
  get version(): string {
    return this.image ? this.image.header.version : "";
  }

  /** Sets the `AliIot` that reports go through. */
  setServer(server: AliIot): void {
    this.server = server;
    server.port.subscribe(server.port.topics.sys + FILE_REPLY);
    server.port.attach(this);
    if (isUnsettled(openJournal())) runLate(() => openInstaller(this));
  }

  /** The application's say before a download; without it, always now. */
  setCanUpdate(canUpdate: CanUpdate | undefined): void {
    this.canUpdate = canUpdate;
  }

  /**
   * Whether a new image is confirmed by its first log-on and inform, as by default; else by
   * `confirm()`.
   */
  setAutoConfirm(auto: boolean): void {
    this.autoConfirm = auto;
  }

  /**
   * Sets the package: the platform's whole message or its `data`, whichever way it came. It
   * replaces what was set before; `start()` judges it.
   */
  setOtaData(data: any): void {
    this.message = data;
    const name = packageName(data);
    this.info = { otaModule: name.module, otaVersion: name.version };
  }

  /** Module and target version of the package that was set; empty texts when it names none. */
  getOtaInfo(): OtaInfo {
    return this.info;
  }

  /**
   * Installs the package that was set: true when its image is complete, verified and will be tried
   * at the next restart; false when there is nothing to install or it failed, which the platform
   * is told with the reason. The same package again joins the update that runs; another replaces it.
   */
  start(): Promise<boolean> {
    if (!this.server) {
      logError(PART, "start: setServer comes first");
      return Promise.resolve(false);
    }
    if (!this.info.otaVersion && !offersPackage(this.message)) {
      logInfo(PART, "no package to install");
      return Promise.resolve(false);
    }
    const count = ++this.starts;
    // Another may be set meanwhile.
    const message = this.message;
    return new Promise((resolve) => {
      runLate(() => {
        try {
          startInstaller(this, count, message, resolve);
        } catch (error) {
          // The code did not fit the memory, e.g.
          this.tellFailure(describeError(error));
          resolve(false);
        }
      });
    });
  }

  /** Gives up the update that runs; true when there was one. */
  cancel(): boolean {
    if (this.begun === this.starts) return !!this.installer && this.installer.software.cancel();
    this.begun = this.starts;
    this.tellFailure("cancelled by the application");
    return true;
  }

  /**
   * Keeps a new image for good; false when the journal in flash can't be written. From within
   * `startApp`, it is done when that has returned.
   */
  confirm(): boolean {
    if (this.installer) return this.installer.software.confirm();
    if (global.boot && global.boot.trial) runLate(() => openInstaller(this).software.confirm());
    return true;
  }

  /** Bytes of a file of the running image, in place; undefined when it has none of the name. */
  file(name: string): string | undefined {
    return this.image && imageFile(this.image, name);
  }

  /** For people: what runs, what is under way, what came of the last update. */
  describe() {
    const journal = openJournal();
    const choice = readChoice(journal);
    const record = planRecord(journal);
    return {
      version: this.version,
      slot: global.boot ? global.boot.slot : undefined,
      trial: !!(global.boot && global.boot.trial),
      active: choice.active,
      previous: choice.previous,
      percent: this.installer && this.installer.software.percent,
      update: record && {
        version: record.version,
        state: STATES[record.state],
        failures: record.n,
        why: record.why,
      },
    };
  }

  // --- what AliIot tells ---

  /**
   * Takes blocks of files, and the answers that no application has asked for.
   * @internal
   */
  accept(topic: string, payload: string): boolean {
    if (this.installer) return this.installer.software.accept(topic, payload);
    return topic.endsWith(FILE_REPLY);
  }

  /** @internal */
  online(): void {
    if (this.installer) this.installer.software.online();
    this.informLink(false);
  }

  /**
   * Reports the version that an upgrade of the link has to end with; once, unless `again`.
   * @internal
   */
  informLink(again: boolean): void {
    const version = link.upgrade && link.identity().revision;
    if (!version || (version === this.linkVersion && !again)) return;
    this.linkVersion = version;
    (this.server as AliIot).otaDeviceInform(version, this.firmwareName);
  }

  /** @internal */
  tellFailure(why: string): void {
    logWarn(PART, why);
    (this.server as AliIot).otaDeviceProgress(UPGRADE_FAILED, why, this.info.otaModule);
  }
}

function openInstaller(ota: AliIotOTA): Installer {
  const server = ota.server as AliIot;
  if (!ota.installer) {
    ota.installer = new Installer(ota, server);
    if (server.status) ota.installer.software.online();
  }
  return ota.installer;
}

function startInstaller(
  ota: AliIotOTA,
  count: number,
  message: any,
  resolve: (staged: boolean) => void,
): void {
  if (count <= ota.begun) {
    resolve(false);
    return;
  }
  ota.begun = count;
  openInstaller(ota).start(message).then(resolve);
}
