/**
 * The stream of changes to open pages, as server-sent events.
 * @module
 */
import { setTimeout as pause } from "node:timers/promises";
import type { SSEStreamingApi } from "hono/streaming";
import type { DeviceId } from "../cloud/device-id.ts";
import type { Cloud, TraceMessage, TraceStatus, TraceTask } from "../cloud/index.ts";
import type { HistoryEntry, SeriesKind } from "../cloud/store/history.ts";
import type { Directory } from "./directory.ts";
import type { FaultBoard } from "./faults.ts";
import type { KeptMessage } from "./kept-message.ts";
import { isOf, type Messages } from "./messages.ts";
import { type Interests, Outbox, type Waiting } from "./outbox.ts";
import type { DeviceRow, LiveEvents } from "./protocol.ts";
import { jobRow, taskRow } from "./updates.ts";

/** How long changes are gathered, so that a busy platform does not flood pages, ms. */
const GATHER_MS = 150;
/** A sign of life this often keeps connections open, ms. */
const ALIVE_MS = 15_000;

export interface LiveParts {
  cloud: Pick<Cloud, "trace" | "ota" | "registry">;
  directory: Directory;
  messages: Messages;
  faults: FaultBoard;
}

export class Live {
  readonly #parts: LiveParts;
  readonly #pages = new Set<Outbox>();
  readonly #stop: () => void;

  constructor(parts: LiveParts) {
    this.#parts = parts;
    const { cloud, messages, faults } = parts;
    const { trace, registry } = cloud;
    const status = ({ device }: TraceStatus) => this.#changed(device);
    const up = ({ device, direction }: TraceMessage) => {
      if (direction === "up") this.#changed(device);
    };
    const task = ({ task }: TraceTask) => {
      for (const page of this.#pages) if (page.interests.updates) page.task(task);
    };
    const append = (kind: SeriesKind, device: DeviceId, entry: HistoryEntry) => {
      for (const page of this.#pages) {
        const watched = page.interests.device;
        if (watched && isOf(device, watched)) page.entry({ kind, entry });
      }
    };
    const kept = (message: KeptMessage) => {
      for (const page of this.#pages) {
        const { messages, device } = page.interests;
        if (messages && (!device || isOf(message.device, device))) page.message(message.row());
      }
    };
    const fault = () => {
      for (const page of this.#pages) page.faults();
    };
    trace.on("status", status).on("message", up).on("task", task);
    registry.history.on("append", append);
    messages.on("kept", kept);
    faults.on("change", fault);
    this.#stop = () => {
      trace.off("status", status).off("message", up).off("task", task);
      registry.history.off("append", append);
      messages.off("kept", kept);
      faults.off("change", fault);
    };
  }

  /** Tells one page until it goes away, or all are told to. */
  async serve(stream: SSEStreamingApi, interests: Interests): Promise<void> {
    const page = new Outbox(interests);
    this.#pages.add(page);
    stream.onAbort(() => page.close());
    const send = (event: string, data: unknown) =>
      stream.writeSSE({ event, data: JSON.stringify(data) });
    try {
      await send("faults", this.#parts.faults.states());
      while (!page.isClosed) {
        await page.filled(ALIVE_MS);
        if (!page.isClosed) await pause(GATHER_MS);
        const events = Object.entries(await this.#describe(page.take()));
        if (events.length === 0) await send("alive", {});
        for (const [event, data] of events) await send(event, data);
      }
    } finally {
      this.#pages.delete(page);
    }
  }

  close(): void {
    this.#stop();
    for (const page of this.#pages) page.close();
  }

  #changed(device: DeviceId): void {
    for (const page of this.#pages) {
      const { devices, device: watched } = page.interests;
      if (devices || (watched && isOf(device, watched))) page.device(device);
    }
  }

  async #describe(waiting: Waiting): Promise<Partial<LiveEvents>> {
    const { cloud, directory, faults } = this.#parts;
    const rows = await Promise.all(waiting.devices.map((device) => directory.row(device)));
    const devices = rows.filter((row): row is DeviceRow => row !== undefined);
    const jobIds = new Set(waiting.tasks.map(({ jobId }) => jobId));
    const jobs = [...jobIds].map((id) => jobRow(cloud.ota, cloud.ota.job(id)));
    const tasks = waiting.tasks.map(taskRow);
    return {
      ...(waiting.resync ? { resync: {} } : {}),
      ...(devices.length > 0 ? { devices } : {}),
      ...(waiting.entries.length > 0 ? { entries: waiting.entries } : {}),
      ...(waiting.messages ? { messages: waiting.messages } : {}),
      ...(tasks.length > 0 ? { updates: { jobs, tasks } } : {}),
      ...(waiting.faults ? { faults: faults.states() } : {}),
    };
  }
}
