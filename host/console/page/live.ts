/**
 * What the server tells by itself: one stream, for all that the view in front wants to hear of.
 * @module
 */
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { FaultStates, LiveEvents } from "../protocol.ts";

/** How the stream is. */
export const connection = signal<"connecting" | "live" | "lost">("connecting");

/** Faults that are on, whoever switched them. */
export const faults = signal<FaultStates>({});

export type LiveHandlers = {
  [K in keyof LiveEvents]?: (data: LiveEvents[K]) => void;
} & {
  /** Something may have been missed, as after each start of the stream: fetch again. */
  onMissed?: () => void;
};

/** After a stream that the server refused or that broke for good, ms. */
const RETRY_MS = 2000;

interface Listener {
  interests: LiveInterests;
  handlers: { current: LiveHandlers };
}

export interface LiveInterests {
  /** Lists that are wanted. */
  on?: ("devices" | "messages" | "updates")[];
  /** The device whose values and events are wanted; messages are then only its own. */
  device?: { productKey: string; deviceName: string } | undefined;
}

const listeners = new Set<Listener>();
let source: EventSource | undefined;
let asked: string | undefined;
let retry: ReturnType<typeof setTimeout> | undefined;

/** Hears of changes while the component is shown and the page is in front. */
export function useLive(interests: LiveInterests, handlers: LiveHandlers): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    const listener: Listener = { interests, handlers: latest };
    listeners.add(listener);
    update();
    return () => {
      listeners.delete(listener);
      update();
    };
  }, [queryOf([interests])]);
}

/** What several listeners want, as `/api/live` takes it. */
function queryOf(all: LiveInterests[]): string {
  const on = [...new Set(all.flatMap(({ on = [] }) => on))].sort().join(",");
  const device = all.find(({ device }) => device)?.device;
  const only = device ? `${device.productKey}/${device.deviceName}` : "";
  return new URLSearchParams({ on, device: only }).toString();
}

let isDue = false;

/** Opens another stream when something else is wanted; a view's components come and go together. */
function update(): void {
  if (isDue) return;
  isDue = true;
  queueMicrotask(() => {
    isDue = false;
    // Browsers allow six streams to a server: one that nobody looks at is given up.
    const isSeen = listeners.size > 0 && document.visibilityState === "visible";
    const wanted = queryOf([...listeners].map(({ interests }) => interests));
    if (!isSeen) close();
    else if (wanted !== asked) open(wanted);
  });
}

document.addEventListener("visibilitychange", update);

function close(): void {
  clearTimeout(retry);
  source?.close();
  source = undefined;
  asked = undefined;
}

function open(query: string): void {
  close();
  const opened = new EventSource(`/api/live?${query}`);
  source = opened;
  asked = query;
  opened.onopen = () => {
    connection.value = "live";
    // What happened between fetching and listening.
    tell((handlers) => handlers.onMissed?.());
  };
  opened.onerror = () => {
    connection.value = "lost";
    if (opened.readyState === EventSource.CLOSED) retry = setTimeout(() => open(query), RETRY_MS);
  };
  const hear = <K extends keyof LiveEvents>(name: K, heard: (data: LiveEvents[K]) => void) => {
    opened.addEventListener(name, (event) => heard(JSON.parse(event.data) as LiveEvents[K]));
  };
  hear("faults", (data) => {
    faults.value = data;
  });
  hear("devices", (data) => tell(({ devices }) => devices?.(data)));
  hear("entries", (data) => tell(({ entries }) => entries?.(data)));
  hear("messages", (data) => tell(({ messages }) => messages?.(data)));
  hear("updates", (data) => tell(({ updates }) => updates?.(data)));
  hear("resync", () => tell(({ onMissed }) => onMissed?.()));
}

function tell(say: (handlers: LiveHandlers) => void): void {
  for (const { handlers } of listeners) say(handlers.current);
}
