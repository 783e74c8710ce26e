/**
 * What a report takes for a moment, above what is in use at rest, in two ways: counted deep in the
 * firmware's calls; and, where memory has a limit, by filling it up until reports fail.
 * @module
 */
import { setTimeout as pause } from "node:timers/promises";
import type { App } from "../frame/builds.ts";
import { LOOK } from "./look.ts";
import { Subject } from "./subject.ts";

const REPORTS = 5;

/** On the board: reports once, and prints how many more were in use meanwhile. */
const REPORT = `setTimeout(function(){var idle=look.idle();
ali.server.propertiesReport({energy:50}).then(function(){
setTimeout(function(){print("peak "+(look.most-idle))},300)})},300)`;

/** JsVars above those at rest, the most of some reports, at the places that can be looked at. */
export async function measurePeak(app: App, interpreter: string): Promise<number> {
  const subject = await Subject.open(app, interpreter);
  try {
    await subject.connect();
    await subject.report(REPORTS);
    await subject.stage.board.evaluate(LOOK);
    // Sockets of now on are looked at.
    await subject.reconnect(1);
    await subject.report(REPORTS);
    await subject.rest();
    let most = 0;
    for (let i = 0; i < REPORTS; i++) {
      const report = () => subject.stage.board.evaluate(REPORT);
      const [, peak] = await subject.printed(/peak (-?\d+)\r?\n/, report);
      most = Math.max(most, Number(peak));
    }
    return most;
  } finally {
    await subject.close();
  }
}

/** Free JsVars from which it is tried downwards, and the step. */
const FROM = 600;
const STEP = 4;
/** A report takes no longer than this, ms, unless it has failed. */
const PATIENCE = 8000;

/**
 * On the board: leaves so many free, reports, leaves fewer. Numbers in an array take one each. What is
 * free when the report begins is more than when it is counted here, in calls that are over then.
 */
const FILL = `(function(){
var held=[],more=0;
function fill(to){var free=process.memory().free;
while(free>to+120){held.push(new Uint8Array(1400));free=process.memory().free}
while(free-->to)held.push(0)}
function step(to){fill(to);setTimeout(function(){
if(!more)more=process.memory().free-to;
ali.server.propertiesReport({energy:50}).then(function(ok){
if(ok){print("reported with "+(to+more));step(to-${STEP})}})},50)}
setTimeout(step,100,${FROM})
})()`;

/** Fewest free JsVars with which a report succeeds, to the next few. For interpreters with a limit. */
export async function measureNeed(app: App, interpreter: string): Promise<number> {
  const subject = await Subject.open(app, interpreter);
  try {
    await subject.connect();
    await subject.report(REPORTS);
    await subject.rest();
    let text = "";
    subject.stage.board.onConsole((more) => {
      text += more;
    });
    await subject.stage.board.evaluate(FILL);
    const since = Date.now();
    let seen = 0;
    let last = since;
    const found = () => [...text.matchAll(/reported with (\d+)\r?\n/g)];
    while (Date.now() < last + PATIENCE && !/Interrupted|OUT OF MEMORY/.test(text)) {
      await pause(200);
      if (found().length > seen) last = Date.now();
      seen = found().length;
    }
    const least = found().at(-1)?.[1];
    if (least === undefined)
      throw new Error(`no report with ${FROM} free JsVars: ${text.slice(-500)}`);
    return Number(least);
  } finally {
    await subject.close();
  }
}
