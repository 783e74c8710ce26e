/**
 * A new image's trial: confirmed when the platform has received its version, given up when that
 * takes too long after the network is there. The loader limits starts, crashes, hangs and the
 * time in all.
 * @module
 */
import { device } from "#board";
import { logInfo, logWarn } from "../debug/log.ts";
import { link } from "../link/index.ts";
import { confirmTrial } from "../store/choice.ts";
import type { Journal } from "../store/journal.ts";

export class Trial {
  private readonly journal: Journal;
  private readonly security: number;
  private readonly confirmed: () => void;
  private timer = 0;

  /** `security`: the counter of the image on trial; `confirmed` is called once. */
  constructor(journal: Journal, security: number, confirmed: () => void) {
    this.journal = journal;
    this.security = security;
    this.confirmed = confirmed;
    logInfo("ota", "this image is on trial");
    link.onChange((up) => this.linkChanged(up));
    this.linkChanged(link.isUp);
  }

  /** The image is good: the loader keeps it. False when the journal can't be written. */
  confirm(): boolean {
    if (!confirmTrial(this.journal, this.security)) {
      logWarn("ota", "the confirmation can't be written");
      return false;
    }
    this.linkChanged(false);
    logInfo("ota", "this image is confirmed");
    this.confirmed();
    return true;
  }

  /** Counts while the link is up: an outage of the network is not the image's fault. */
  private linkChanged(up: boolean): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = 0;
    if (!up || !global.boot.trial) return;
    const minutes = device.trial.linkMinutes;
    this.timer = setTimeout(() => {
      global.boot.fail("not confirmed within " + minutes + " min of the link being up");
    }, minutes * 60000);
  }
}
