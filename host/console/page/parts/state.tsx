/**
 * Small marks and messages that all views use.
 * @module
 */
import { useEffect, useState } from "preact/hooks";
import type { DeviceStatus } from "../../../cloud/device-view.ts";
import { ago, fullTime } from "../format.ts";
import type { Loaded } from "../load.ts";
import { text } from "../text.ts";

export function StatusMark({ status }: { status: DeviceStatus }) {
  return <span class={`mark status-${status.toLowerCase()}`}>{text.status[status]}</span>;
}

/** A time as it is from now; the full one on demand. */
export function Ago({ at }: { at: number | undefined }) {
  const now = useNow();
  if (at === undefined) return <span class="faint">{text.app.never}</span>;
  return (
    <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
      {ago(at, now)}
    </time>
  );
}

/** The time, anew every second for all who ask. */
const clocks = new Set<(now: number) => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    clocks.add(setNow);
    ticking ??= setInterval(() => {
      for (const set of clocks) set(Date.now());
    }, 1000);
    return () => {
      clocks.delete(setNow);
      if (clocks.size > 0) return;
      clearInterval(ticking);
      ticking = undefined;
    };
  }, []);
  return now;
}

/** What is shown instead of data that is not there yet, or that could not be fetched. */
export function Pending({ loaded }: { loaded: Pick<Loaded<unknown>, "error" | "reload"> }) {
  if (loaded.error === undefined) {
    return (
      <p class="empty" role="status">
        {text.app.loading}…
      </p>
    );
  }
  return (
    <div class="empty" role="alert">
      <p>{loaded.error}</p>
      <button type="button" onClick={loaded.reload}>
        {text.app.retry}
      </button>
    </div>
  );
}

interface ProgressProps {
  label: string;
  /** 0 to 100. */
  percent: number;
  tone?: "running" | "good" | "bad" | "idle";
}

export function Progress({ label, percent, tone = "running" }: ProgressProps) {
  return (
    <div
      class={`progress ${tone}`}
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div style={{ width: `${percent}%` }} />
    </div>
  );
}
