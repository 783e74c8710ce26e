/**
 * Does the jobs that an operator gives to devices: `{ "do": "blink", "times": 3 }`.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { type Job, JobRejection, Jobs } from "../src/ali/services/jobs.ts";
import type { Settings } from "../src/store/settings.ts";

let jobs: Jobs;

/** What the job's end is told with; an exception tells that it has failed. */
function work(job: Job): any {
  const order = job.jobDocument;
  if (order.do !== "blink") throw new JobRejection("this device can only blink");
  if (!(order.times > 0)) throw new Error("times has to be a number from 1 on");
  return jobs.progress(job, 50, { left: order.times }).then(() => {
    print("blinks " + order.times + " times");
    return { blinked: order.times };
  });
}

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  jobs = new Jobs(server);
  jobs.onJob(work);
  jobs.onCancel((taskId, status) => print("job " + taskId + ": " + status));
  server.connect();
  return { server: server };
}
