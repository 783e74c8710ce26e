import { parentPort, workerData } from "node:worker_threads";
import { register } from "tsx/esm/api";

register();
const { module, name, argument } = workerData;
const functions = await import(new URL(module, import.meta.url).href);
parentPort.postMessage(await functions[name](argument));
