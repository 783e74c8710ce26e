import { parentPort, workerData } from "node:worker_threads";
import { register } from "tsx/esm/api";

register();
const { runJob } = await import("./run.ts");
parentPort.postMessage(await runJob(workerData));
