/**
 * `AliIotOTA`: updates, with the members of QuecPython's `aliIot` in camelCase.
 * @module
 */
import type { AliIot } from "../ali/aliiot.ts";
import { logError, logInfo, logWarn } from "../debug/log.ts";
import { link } from "../link/index.ts";
import { type OtaPackage, offersPackage, packageName, readPackage } from "./package.ts";
import { Progress } from "./progress.ts";
import { imageFile, runningImage } from "./running.ts";
import { Software } from "./software.ts";

const PART = "ota";

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
  private readonly projectName: string;
  private readonly firmwareName: string;
  private readonly software: Software;
  private server: AliIot | undefined;
  /** What was set, until `start` has read it. */
  private message: any = undefined;
  /** What `start` has read: the message itself would take as much memory again. */
  private pkg: OtaPackage | undefined;
  /** Version of the firmware module that the platform was told. */
  private linkVersion: string | undefined;
  /** Version that the link's firmware is being upgraded to, or empty; and what comes of it. */
  private linkTarget = "";
  private linkResult: Promise<boolean> | undefined;

  /** The software module is the application; the firmware module is the link's own firmware. */
  constructor(projectName: string, firmwareName: string) {
    this.projectName = projectName;
    this.firmwareName = firmwareName;
    this.software = new Software(projectName, runningImage());
  }

  /** Version of the software module that runs; empty where no image does. */
  get version(): string {
    return this.software.version;
  }

  /** Sets the `AliIot` that reports go through. */
  setServer(server: AliIot): void {
    this.server = server;
    const software = this.software;
    software.setServer(server);
    server.port.attach({
      accept: (topic, payload) => software.accept(topic, payload),
      online: () => {
        software.online();
        this.informLink();
      },
    });
  }

  /** The application's say before a download; without it, always now. */
  setCanUpdate(canUpdate: CanUpdate | undefined): void {
    this.software.canUpdate = canUpdate && (() => canUpdate(this.getOtaInfo()));
  }

  /**
   * Whether a new image is confirmed by its first log-on and inform, as by default; else by
   * `confirm()`.
   */
  setAutoConfirm(auto: boolean): void {
    this.software.autoConfirm = auto;
  }

  /**
   * Sets the package: the platform's whole message or its `data`, whichever way it came. It
   * replaces what was set before; `start()` judges it.
   */
  setOtaData(data: any): void {
    this.message = data;
    this.pkg = undefined;
  }

  /** Module and target version of the package that was set; empty texts when it names none. */
  getOtaInfo(): OtaInfo {
    const name = packageName(this.pkg || this.message);
    return { otaModule: name.module, otaVersion: name.version };
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
    let pkg = this.pkg;
    if (!pkg) {
      if (!offersPackage(this.message)) {
        logInfo(PART, "no package to install");
        return Promise.resolve(false);
      }
      try {
        pkg = this.pkg = readPackage(this.message);
      } catch (error) {
        return this.refuse(this.getOtaInfo().otaModule, (error as Error).message);
      }
      this.message = undefined;
    }
    let why = "";
    if (pkg.module === this.projectName) {
      why = this.software.judge(pkg);
      if (!why) return this.software.install(pkg);
    } else if (pkg.module !== this.firmwareName) why = 'unknown module "' + pkg.module + '"';
    else if (link.upgrade) return this.upgradeLink(pkg);
    else why = "this board's link has no firmware of its own to upgrade";
    return this.refuse(pkg.module, why);
  }

  /** Gives up the update that runs; true when there was one. */
  cancel(): boolean {
    return this.software.cancel();
  }

  /** Keeps a new image for good; false when the journal in flash can't be written. */
  confirm(): boolean {
    return this.software.confirm();
  }

  /** Bytes of a file of the running image, in place; undefined when it has none of the name. */
  file(name: string): string | undefined {
    const image = this.software.image;
    return image ? imageFile(image, name) : undefined;
  }

  /** For people: what runs, what is under way, what came of the last update. */
  describe() {
    return this.software.describe();
  }

  private refuse(module: string, why: string): Promise<boolean> {
    logWarn(PART, "package refused: " + why);
    (this.server as AliIot).otaDeviceProgress(-1, why, module);
    return Promise.resolve(false);
  }

  /** The version that an upgrade of the link has to end with. */
  private informLink(): void {
    const version = link.upgrade && link.identity().revision;
    if (!version || version === this.linkVersion) return;
    this.linkVersion = version;
    (this.server as AliIot).otaDeviceInform(version, this.firmwareName);
  }

  /** The modem upgrades itself from the address. */
  private upgradeLink(pkg: OtaPackage): Promise<boolean> {
    const server = this.server as AliIot;
    if (pkg.version === link.identity().revision) {
      logInfo(PART, pkg.version + " runs already");
      this.linkVersion = undefined;
      this.informLink();
      return Promise.resolve(false);
    }
    // The platform pushes again what has not ended.
    if (this.linkResult && pkg.version === this.linkTarget) return this.linkResult;
    const progress = new Progress(server, pkg.module);
    progress.reach(1, "handed to the link");
    this.linkTarget = pkg.version;
    this.linkResult = new Promise((resolve) => {
      link.upgrade?.(pkg.files[0].url, pkg.version, {
        reach: (percent, text) => progress.reach(percent, text),
        done: (failure) => {
          this.linkTarget = "";
          if (failure) this.refuse(pkg.module, failure);
          else if (server.status) this.informLink();
          resolve(!failure);
        },
      });
    });
    return this.linkResult;
  }
}
