/**
 * How the last update ended, and that the platform hears of it: across restarts, until it is
 * acknowledged.
 * @module
 */
import type { AliIot } from "../ali/aliiot.ts";
import { logWarn } from "../debug/log.ts";
import { clearTrial, failedTrial } from "../store/choice.ts";
import type { Journal } from "../store/journal.ts";
import { UPGRADE_FAILED } from "./failure.ts";
import { ARMED, FAILED, type Plan, type PlanRecord } from "./plan.ts";

export class Outcome {
  private readonly plan: Plan;
  private telling = false;

  /** Looks at what became of an image that was tried. */
  constructor(plan: Plan, journal: Journal) {
    this.plan = plan;
    const trial = failedTrial(journal);
    if (!trial) return;
    const record = plan.record;
    logWarn("ota", "the trial has failed: " + trial.why);
    if (record && record.state <= ARMED) {
      plan.fail(UPGRADE_FAILED, record.version + " was rolled back: " + trial.why);
    }
    clearTrial(journal);
  }

  /** The last update, when it failed and the platform may not know it yet. */
  get untold(): PlanRecord | undefined {
    const record = this.plan.record;
    return record && record.state === FAILED && !record.told ? record : undefined;
  }

  /** Tells the platform, when there is something to tell and it can be reached. */
  tell(server: AliIot): void {
    const record = this.untold;
    if (!record || this.telling || !server.status) return;
    this.telling = true;
    const id = record.id;
    const step = record.step || UPGRADE_FAILED;
    server.otaDeviceProgress(step, record.why || "", record.module).then((received) => {
      this.telling = false;
      const now = this.untold;
      if (received && now && now.id === id) this.plan.told();
    });
  }
}
