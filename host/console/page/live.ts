/**
 * What the server tells by itself: one stream, for what the view in front wants to hear of.
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
  /** Something may have been missed: fetch again. */
  onMissed?: () => void;
};

/** After a stream that the server refused or that broke for good, ms. */
const RETRY_MS = 2000;

/**
 * Hears of changes while the component is shown and the page is in front.
 * @param query of `/api/live`, e.g. `on=devices`; empty for faults only.
 */
export function useLive(query: string, handlers: LiveHandlers): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => openStream(query, latest), [query]);
}

function openStream(query: string, latest: { current: LiveHandlers }): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isFirst = true;

  const close = () => {
    clearTimeout(retry);
    source?.close();
    source = undefined;
  };
  const open = () => {
    close();
    const opened = new EventSource(`/api/live?${query}`);
    source = opened;
    opened.onopen = () => {
      connection.value = "live";
      if (!isFirst) latest.current.onMissed?.();
      isFirst = false;
    };
    opened.onerror = () => {
      connection.value = "lost";
      isFirst = false;
      if (opened.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
    };
    const hear = <K extends keyof LiveEvents>(name: K, heard: (data: LiveEvents[K]) => void) => {
      opened.addEventListener(name, (event) => heard(JSON.parse(event.data) as LiveEvents[K]));
    };
    hear("faults", (data) => {
      faults.value = data;
    });
    hear("devices", (data) => latest.current.devices?.(data));
    hear("entries", (data) => latest.current.entries?.(data));
    hear("messages", (data) => latest.current.messages?.(data));
    hear("updates", (data) => latest.current.updates?.(data));
    hear("resync", () => latest.current.onMissed?.());
  };
  // Browsers allow six streams to a server: one that nobody looks at is given up.
  const turn = () => {
    if (document.visibilityState === "visible") open();
    else close();
  };

  document.addEventListener("visibilitychange", turn);
  turn();
  return () => {
    document.removeEventListener("visibilitychange", turn);
    close();
  };
}
