/**
 * What `AliIotOTA` does with a package, and at a start that follows an update. Read late: most starts
 * do without.
 * @module
 */
import type { AliIot } from "../ali/aliiot.ts";
import { logInfo, logWarn } from "../debug/log.ts";
import { link } from "../link/index.ts";
import type { Link } from "../link/link.ts";
import type { AliIotOTA } from "./aliiotota.ts";
import { UPGRADE_FAILED } from "./failure.ts";
import { type OtaPackage, packageName, readPackage } from "./package.ts";
import { Progress } from "./progress.ts";
import { Software } from "./software.ts";

const PART = "ota";

export class Installer {
  readonly software: Software;
  private readonly ota: AliIotOTA;
  private readonly server: AliIot;
  /** What was read last: `start` without a new message means it again. */
  private pkg: OtaPackage | undefined;
  /** Version that the link's firmware is being upgraded to, or empty; and what comes of it. */
  private linkTarget = "";
  private linkResult: Promise<boolean> | undefined;

  constructor(ota: AliIotOTA, server: AliIot) {
    this.ota = ota;
    this.server = server;
    this.software = new Software(ota, server);
  }

  /** Installs the package in a message of the platform; undefined: the one before. */
  start(message: any): Promise<boolean> {
    if (message !== undefined) {
      try {
        this.pkg = readPackage(message);
      } catch (error) {
        return this.refuse(packageName(message).module, (error as Error).message);
      }
      // It takes as much memory again.
      if (this.ota.message === message) this.ota.message = undefined;
    }
    const pkg = this.pkg as OtaPackage;
    let why = "";
    if (pkg.module === this.ota.projectName) {
      why = this.software.judge(pkg);
      if (!why) return this.software.install(pkg);
    } else if (pkg.module !== this.ota.firmwareName) why = 'unknown module "' + pkg.module + '"';
    else if (link.upgrade) return this.upgradeLink(pkg);
    else why = "this board's link has no firmware of its own to upgrade";
    return this.refuse(pkg.module, why);
  }

  private refuse(module: string, why: string): Promise<boolean> {
    logWarn(PART, "package refused: " + why);
    this.server.otaDeviceProgress(UPGRADE_FAILED, why, module);
    return Promise.resolve(false);
  }

  /** The modem upgrades itself from the address. */
  private upgradeLink(pkg: OtaPackage): Promise<boolean> {
    const server = this.server;
    if (pkg.version === link.identity().revision) {
      logInfo(PART, pkg.version + " runs already");
      this.ota.informLink(true);
      return Promise.resolve(false);
    }
    // The platform pushes again what has not ended.
    if (this.linkResult && pkg.version === this.linkTarget) return this.linkResult;
    const progress = new Progress(server, pkg.module);
    progress.reach(1, "handed to the link");
    this.linkTarget = pkg.version;
    this.linkResult = new Promise((resolve) => {
      (link as Required<Link>).upgrade(pkg.files[0].url, pkg.version, {
        reach: (percent, text) => progress.reach(percent, text),
        done: (failure) => {
          this.linkTarget = "";
          if (failure) this.refuse(pkg.module, failure);
          else if (server.status) this.ota.informLink(false);
          resolve(!failure);
        },
      });
    });
    return this.linkResult;
  }
}
