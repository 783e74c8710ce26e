import { parentPort, workerData } from "node:worker_threads";
import { register } from "tsx/esm/api";

register();
const { module, name, argument } = workerData;
const functions = await import(`./${module}`);
parentPort.postMessage(await functions[name](argument));
