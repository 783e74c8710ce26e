/**
 * Checks posted properties and events against the thing model and records what fits.
 * @module
 */
import type { DeviceId } from "../device-id.ts";
import type { History } from "../store/history.ts";
import { checkParameters, checkValue } from "./check.ts";
import { Code, type Complaint } from "./codes.ts";
import type { ThingModel } from "./tsl.ts";
import { isComplaint, readTimed } from "./values.ts";

/** Complaints by identifier; empty when everything fitted. */
export type Complaints = Map<string, Complaint>;

/** What a device reports. */
export interface Report {
  device: DeviceId;
  model: ThingModel;
  /** Milliseconds since 1970: of what has no time of its own. */
  now: number;
  /** Of what has been recorded; to be awaited before the device is answered. */
  writes: Promise<void>[];
}

export class Recorder {
  readonly #history: Pick<History, "setValue" | "append">;

  constructor(history: Pick<History, "setValue" | "append">) {
    this.#history = history;
  }

  /**
   * Records a property's value, or gives what is wrong with it.
   * @param current whether it also becomes the current value (history posts don't).
   */
  property(
    { device, model, now, writes }: Report,
    identifier: string,
    posted: unknown,
    current = true,
  ): Complaint | undefined {
    const property = model.properties.get(identifier);
    if (!property) return { code: Code.propertyNotFound, text: "params not exist" };
    const timed = readTimed(posted, now);
    if (isComplaint(timed)) return timed;
    const complaint = checkValue(timed.value, property.dataType);
    if (complaint) return complaint;
    if (current) writes.push(this.#history.setValue(device, identifier, timed));
    const entry = { identifier, value: timed.value, time: timed.time };
    writes.push(this.#history.append("property", device, entry));
    return undefined;
  }

  /**
   * Records an event; outputs that the thing model does not have are left out, outputs that don't
   * fit keep the event from being recorded.
   */
  event(
    { device, model, writes }: Report,
    identifier: string,
    outputs: Record<string, unknown>,
    time: number,
  ): Complaints {
    const event = model.events.get(identifier);
    if (!event)
      return new Map([[identifier, { code: Code.eventNotFound, text: "event not found" }]]);
    const complaints = checkParameters(outputs, event.outputData);
    if ([...complaints.values()].every(({ code }) => code === Code.notFound)) {
      const known = Object.entries(outputs).filter(([name]) => !complaints.has(name));
      const value = Object.fromEntries(known);
      writes.push(this.#history.append("event", device, { identifier, time, value }));
    }
    return complaints;
  }
}

/** The remarks of a reply's `data`. */
export function remarks(complaints: Complaints): Record<string, string> {
  if (complaints.size === 0) return {};
  const entries = [...complaints].map(([name, { text }]) => [name, `tsl parse: ${text}`]);
  return Object.fromEntries(entries);
}

/** The complaints in one line for the trace. */
export function describe(complaints: Complaints): string {
  if (complaints.size === 0) return "";
  return [...complaints].map(([name, { code, text }]) => `${name}: ${code} ${text}`).join(", ");
}
