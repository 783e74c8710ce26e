/**
 * AT+QFOTADL: new firmware for the module.
 * @module
 */
import type { SystemHandler } from "../system.ts";

const LONGEST_URL = 255;
const LONGEST_MINI_URL = 128;

export const upgradeCommands: Record<string, SystemHandler> = {
  "+QFOTADL": (call, job, system) => {
    if (call.form === "test") {
      job.line("+QFOTADL: <url>,(0,1),(0,5-100),(0,5-100)");
      job.ok();
      return;
    }
    const url = call.text(0);
    const mode = call.number(1, 0, 1, 0);
    const step = call.number(2, 0, 100, 5);
    const { board, kernel } = system;
    const isMini = board.upgradeKind() === "mini";
    const longest = isMini ? LONGEST_MINI_URL : LONGEST_URL;
    const fits = /^https?:\/\/[^/]+/i.test(url) && url.length <= longest;
    const isNamed = !isMini || url.endsWith("mini_1") || url.endsWith("mini_2");
    if (!fits || !isNamed || mode === undefined || step === undefined || (step > 0 && step < 5)) {
      job.error();
      return;
    }
    if (
      !isMini &&
      !system.isMini &&
      system.pdp.active().length === 0 &&
      !system.radio.isRegistered
    ) {
      job.error();
      return;
    }
    job.ok(() => kernel.after(0, () => board.upgrade({ url, mode, downloadStep: step })));
  },
};
