/**
 * Calls to devices that wait for an answer: pending until it comes, the time is up or the device is
 * gone. Answers that come later count as failed.
 * @module
 */
import { CloudError } from "../errors.ts";

interface Pending<T> {
  resolve(answer: T): void;
  reject(error: CloudError): void;
  timer: NodeJS.Timeout;
}

export class Calls<T> {
  readonly #pending = new Map<string, Pending<T>>();

  /**
   * Waits for the answer to a call.
   * @param key identifies call and device.
   * @throws CloudError `iot.messagebroker.TIMEOUT` when the time is up.
   */
  wait(key: string, timeoutMs: number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(key);
        const text = `the device did not answer within ${timeoutMs} ms`;
        const problem = { kind: "noAnswer", ms: timeoutMs } as const;
        reject(new CloudError("iot.messagebroker.TIMEOUT", text, problem));
      }, timeoutMs);
      this.#pending.set(key, { resolve, reject, timer });
    });
  }

  /** Hands over an answer; false when nobody waits for it (any more). */
  answer(key: string, answer: T): boolean {
    const pending = this.#pending.get(key);
    if (!pending) return false;
    this.#pending.delete(key);
    clearTimeout(pending.timer);
    pending.resolve(answer);
    return true;
  }

  /** Gives up a call without an answer. */
  cancel(key: string): void {
    const pending = this.#pending.get(key);
    if (pending) clearTimeout(pending.timer);
    this.#pending.delete(key);
  }

  /** Fails what is pending: the platform stops. */
  close(): void {
    for (const [key, { reject }] of this.#pending) {
      this.cancel(key);
      const text = "the platform has stopped";
      reject(new CloudError("iot.system.SystemException", text, { kind: "stopped" }));
    }
  }
}
