/**
 * Updates of the software module: from a package that is offered to an image that is tried, and
 * what is to be said of it after the restart.
 * @module
 */
import { device } from "#board";
import type { AliIot } from "../ali/aliiot.ts";
import { decode } from "../ali/payload.ts";
import { OTA_GET_REPLY } from "../ali/topics.ts";
import { describeError, logError, logInfo, logWarn } from "../debug/log.ts";
import { holdJournal } from "../store/boot-journal.ts";
import { armTrial, clearTrial, freeSlot, readChoice, settleStart } from "../store/choice.ts";
import { openSlot, type Slot } from "../store/containers.ts";
import type { AliIotOTA } from "./aliiotota.ts";
import { FILE_REPLY } from "./blocks.ts";
import { type Failure, FLASH_FAILED, UPGRADE_FAILED } from "./failure.ts";
import { packageMisfit } from "./fitness.ts";
import { identify } from "./identity.ts";
import { Outcome } from "./outcome.ts";
import type { OtaPackage } from "./package.ts";
import { ARMED, LOADING, Plan } from "./plan.ts";
import { Progress } from "./progress.ts";
import { NOTHING, OFFERED, Questions } from "./questions.ts";
import { Trial } from "./trial.ts";
import { Update, type UpdateOwner } from "./update.ts";

const PART = "ota";
/** A package that failed so often is not tried again. */
const MOST_FAILURES = 3;
/** Fresh addresses that are asked for in a row before an expired one is a failure. */
const MOST_REFRESHES = 3;
/** An update that was put off is proposed again after this, ms. */
const LATER = 60000;
const NO_JOURNAL = "the journal in flash can't be written";

export class Software implements UpdateOwner {
  private readonly ota: AliIotOTA;
  private readonly server: AliIot;
  private readonly module: string;
  private readonly journal = holdJournal();
  private readonly plan: Plan;
  private readonly outcome: Outcome;
  private readonly questions: Questions;
  private trial: Trial | undefined;
  /** The package at work, and its identity. */
  private pkg!: OtaPackage;
  private id = "";
  private update: Update | undefined;
  private progress: Progress | undefined;
  private result: Promise<boolean> | undefined;
  private settle: ((staged: boolean) => void) | undefined;
  private timer = 0;
  private refreshes = 0;
  /** Whether the platform answers `firmware/get` while an update runs: then `{}` withdraws it. */
  private answersMeanwhile = false;

  constructor(ota: AliIotOTA, server: AliIot) {
    this.ota = ota;
    this.server = server;
    this.module = ota.projectName;
    this.plan = new Plan(this.journal);
    this.outcome = new Outcome(this.plan, this.journal);
    this.questions = new Questions(server);
    if (global.boot && global.boot.trial && ota.image) {
      this.trial = new Trial(this.journal, ota.image.header.security, () => this.confirmed());
    }
  }

  /** Of the update that runs; undefined: none does. */
  get percent(): number | undefined {
    return this.progress && this.progress.percent;
  }

  // --- what AliIot tells ---

  online(): void {
    const record = this.plan.record;
    settleStart(this.journal);
    if (this.trial) {
      this.inform().then((received) => {
        if (received && this.trial && this.ota.autoConfirm) this.trial.confirm();
      });
    } else if (this.outcome.untold) {
      this.outcome.tell(this.server);
      this.inform();
    } else if (record && record.state === LOADING && !this.result) {
      // The addresses did not survive the restart: the answer brings them to the application.
      this.server.otaFirmwareGet(this.module);
    }
  }

  /** Takes blocks of files, and the answers that no application has asked for. */
  accept(topic: string, payload: string): boolean {
    const port = this.server.port;
    if (topic === port.topics.sys + FILE_REPLY) {
      if (this.update) this.update.acceptBlock(payload);
      return true;
    }
    if (topic !== port.topics.sys + OTA_GET_REPLY || !this.questions.waiting) return false;
    const reply = decode(payload);
    if (!reply || !this.questions.take(reply)) return false;
    port.exchange.settle(reply, undefined);
    return true;
  }

  // --- what the application wants ---

  /** Why a package can't be installed, as far as the push tells; empty when it can. */
  judge(pkg: OtaPackage): string {
    const failures = this.plan.failures(identify(pkg));
    if (failures >= MOST_FAILURES) return "not tried again: failed " + failures + " times";
    return packageMisfit(pkg, this.ota.image && openSlot(this.target));
  }

  /** Installs a package that was judged; see `AliIotOTA.start`. */
  install(pkg: OtaPackage): Promise<boolean> {
    if (pkg.version === this.ota.version) {
      logInfo(PART, pkg.version + " runs already");
      this.inform();
      return Promise.resolve(false);
    }
    const id = identify(pkg);
    if (this.isArmed(id)) return Promise.resolve(true);
    const untold = this.outcome.untold;
    if (untold && untold.id === id) {
      // Pushed again by a platform that does not know yet how it ended.
      this.outcome.tell(this.server);
      return Promise.resolve(false);
    }
    if (this.result) {
      if (this.id === id) return this.result;
      logInfo(PART, pkg.version + " replaces the update that runs");
      this.finish(false);
    }
    this.id = id;
    this.pkg = pkg;
    this.refreshes = 0;
    this.answersMeanwhile = false;
    const result = new Promise<boolean>((resolve) => {
      this.settle = resolve;
    });
    this.result = result;
    this.decide();
    return result;
  }

  /** Whether the package waits for the restart already. */
  private isArmed(id: string): boolean {
    const record = this.plan.record;
    if (!record || record.id !== id || record.state !== ARMED) return false;
    return !this.result && !this.trial && readChoice(this.journal).trial === this.target;
  }

  cancel(): boolean {
    if (!this.result && !this.isArmed(this.id)) return false;
    this.giveUp("cancelled by the application");
    return true;
  }

  confirm(): boolean {
    return this.trial ? this.trial.confirm() : true;
  }

  // --- an update, step by step ---

  /** The slot that does not run. */
  private get target(): number {
    return global.boot && global.boot.slot === 0 ? 1 : 0;
  }

  /** Asks the application; nothing is written before it has agreed. */
  private decide(): void {
    this.timer = 0;
    // The other slot holds what a failed trial falls back on.
    if (this.trial) return;
    let verdict: boolean | string = true;
    const canUpdate = this.ota.canUpdate;
    if (canUpdate) {
      try {
        verdict = canUpdate(this.ota.getOtaInfo());
      } catch (error) {
        logError(PART, "canUpdate failed: " + describeError(error));
        verdict = false;
      }
    }
    if (typeof verdict === "string") this.giveUp(verdict || "the application refused");
    else if (verdict) this.begin();
    else this.timer = setTimeout(() => this.decide(), LATER);
  }

  private begin(): void {
    const pkg = this.pkg;
    const index = this.target;
    const slot = openSlot(index);
    const pages = slot ? Math.ceil(slot.length / device.flash.page) : 0;
    if (
      !slot ||
      !freeSlot(this.journal, index) ||
      !this.plan.begin(this.id, pkg.version, pkg.module, index, pages)
    ) {
      // Not the package's fault: it does not count as its failure.
      logError(PART, NO_JOURNAL);
      this.server.otaDeviceProgress(FLASH_FAILED, NO_JOURNAL, pkg.module);
      this.finish(false);
      return;
    }
    if (this.progress) {
      this.download(slot);
      return;
    }
    this.progress = new Progress(this.server, pkg.module);
    this.progress.reach(1, "downloading");
    // One after the other, for each takes memory.
    this.questions.ask(this.module, this.id, (word) => {
      this.answersMeanwhile = word === OFFERED;
      this.download(slot);
    });
  }

  private download(slot: Slot): void {
    this.update = new Update(
      this.pkg,
      slot,
      this.plan,
      readChoice(this.journal).security,
      this.progress as Progress,
      this.server,
      this,
    );
    this.update.start();
  }

  updated(failure: Failure | null): void {
    this.update = undefined;
    if (!failure) {
      // The download may have taken long: is the update still wanted?
      this.questions.ask(this.module, this.id, (word) => {
        if (word === NOTHING && this.answersMeanwhile) this.withdraw();
        else this.arm();
      });
    } else if (failure.expired && this.refreshes < MOST_REFRESHES) {
      this.refreshes++;
      logWarn(PART, failure.text + "; a fresh address is asked for");
      this.questions.ask(this.module, this.id, (word, pkg) => {
        if (pkg) {
          this.pkg = pkg;
          this.begin();
        } else if (word === NOTHING) this.withdraw();
        else this.failed(failure);
      });
    } else this.failed(failure);
  }

  private withdraw(): void {
    logWarn(PART, "the platform has withdrawn the update");
    this.plan.close();
    this.finish(false);
  }

  /** Ends the update for a reason that is not the package's fault. */
  private giveUp(why: string): void {
    logWarn(PART, "update given up: " + why);
    if (this.plan.isOpen(this.id)) {
      this.plan.close();
      clearTrial(this.journal);
    }
    this.server.otaDeviceProgress(UPGRADE_FAILED, why, this.module);
    this.finish(false);
  }

  /** The image is tried at the next restart. */
  private arm(): void {
    if (!armTrial(this.journal, this.target) || !this.plan.arm()) {
      this.failed({ step: FLASH_FAILED, text: NO_JOURNAL });
      return;
    }
    logInfo(PART, this.pkg.version + " is complete and starts at the next restart");
    if (this.progress) this.progress.complete("complete, restarting", () => this.finish(true));
  }

  private failed(failure: Failure): void {
    logError(PART, failure.text);
    const module = this.pkg.module;
    if (this.plan.fail(failure.step, failure.text)) this.outcome.tell(this.server);
    else this.server.otaDeviceProgress(failure.step, failure.text, module);
    this.finish(false);
  }

  /** Ends the run; what is in the slot and the journal stays. */
  private finish(staged: boolean): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = 0;
    if (this.update) this.update.stop();
    if (this.progress) this.progress.stop();
    this.questions.drop();
    this.update = undefined;
    this.progress = undefined;
    this.result = undefined;
    const settle = this.settle;
    this.settle = undefined;
    if (settle) settle(staged);
  }

  private inform(): Promise<boolean> {
    return this.server.otaDeviceInform(this.ota.version, this.module);
  }

  private confirmed(): void {
    this.trial = undefined;
    this.plan.close();
    if (this.result) this.decide();
  }
}
