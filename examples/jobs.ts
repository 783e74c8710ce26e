/**
 * Does the jobs that an operator gives to devices: `{ "do": "blink", "times": 3 }`, or a file to keep.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { type FetchedFile, fetchJobFile } from "../src/ali/services/job-file.ts";
import { type Job, JobRejection, Jobs } from "../src/ali/services/jobs.ts";
import type { Settings } from "../src/store/settings.ts";

/** What the job's end is told with; an exception tells that it has failed. */
function keep(file: FetchedFile) {
  if (file.bytes === undefined) throw new Error(file.message);
  require("Storage").write("melody", file.bytes);
  return { kept: file.bytes.length };
}

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  const jobs = new Jobs(server);
  jobs.onJob((job: Job) => {
    if (job.jobFile) return fetchJobFile(job.jobFile).then(keep);
    const times = job.jobDocument.times;
    if (job.jobDocument.do !== "blink") throw new JobRejection("this device can only blink");
    if (!(times > 0)) throw new Error("times has to be a number from 1 on");
    return jobs.progress(job, 50, { left: times }).then(() => ({ blinked: times }));
  });
  server.connect();
  return { server: server };
}
