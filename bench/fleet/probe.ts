/**
 * Loaded into a server that is measured, beside its own code: tells the bench over IPC what the process
 * has used. It works as well in a process that knows nothing of it.
 * @module
 */

/** CPU that a process has used since its start, microseconds, all threads. */
export interface Cpu {
  user: number;
  system: number;
}

process.on("message", (message) => {
  if (message === "cpu") process.send?.(process.cpuUsage() satisfies Cpu);
  if (message !== "memory") return;
  // What nobody holds any more is no memory of a device's.
  globalThis.gc?.();
  globalThis.gc?.();
  process.send?.(process.memoryUsage.rss());
});
// The bench's channel does not keep the process alive.
process.channel?.unref();
