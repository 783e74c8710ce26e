/**
 * Threads for virtual boards. One that a board has left is kept for the next: it has loaded the
 * interpreter, and prepared the firmware, which takes half a second.
 * @module
 */
import { type MessagePort, Worker } from "node:worker_threads";
import type { Begin, WorkerSetup } from "./worker/messages.ts";

/** Threads that wait for a board at most. */
const MOST_FREE = 2;

const free: Worker[] = [];

function forget(worker: Worker): void {
  const at = free.indexOf(worker);
  if (at >= 0) free.splice(at, 1);
}

function makeThread(): Worker {
  const worker = new Worker(new URL("./worker/start.mjs", import.meta.url), { execArgv: [] });
  worker.on("error", () => forget(worker));
  return worker;
}

/** A thread that has a board. */
export class Thread {
  private readonly worker = free.pop() ?? makeThread();
  private readonly port: MessagePort;

  /** `failed` hears once when the thread has ended by an error. */
  constructor(
    setup: WorkerSetup,
    hear: (message: unknown) => void,
    private readonly failed: (error: Error) => void,
  ) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const begin: Begin = { setup, port: port2 };
    this.worker.postMessage(begin, [port2]);
    this.worker.ref();
    this.worker.on("error", failed);
    port1.on("message", hear);
  }

  post(message: unknown): void {
    this.port.postMessage(message);
  }

  /** The board is off: the thread is there for another. Nothing is heard any more. */
  async leave(): Promise<void> {
    if (free.length === MOST_FREE) return this.end();
    this.detach();
    // The process may end.
    this.worker.unref();
    free.push(this.worker);
  }

  /** Ends the thread, whatever runs in it. */
  async end(): Promise<void> {
    this.detach();
    await this.worker.terminate();
  }

  private detach(): void {
    this.port.close();
    this.worker.off("error", this.failed);
  }
}
