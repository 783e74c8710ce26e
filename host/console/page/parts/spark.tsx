/**
 * A small picture of how a value went lately.
 * @module
 */
import type { Series } from "../../protocol.ts";

const WIDTH = 96;
const HEIGHT = 24;
const EDGE = 2;

export function Spark({ series }: { series: Series | undefined }) {
  if (!series || series.values.length < 2) return null;
  const { times, values } = series;
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (at: number) => EDGE + (scale(at, from, to) || 0) * (WIDTH - 2 * EDGE);
  const y = (value: number) => HEIGHT - EDGE - scale(value, low, high) * (HEIGHT - 2 * EDGE);
  // A value holds until the next one.
  const path = times
    .map((at, index) => {
      const [across, up] = [x(at).toFixed(1), y(values[index] as number).toFixed(1)];
      return index === 0 ? `M${across} ${up}` : `H${across}V${up}`;
    })
    .join("");
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}

/** 0 to 1; a range without extent is in the middle. */
function scale(value: number, low: number, high: number): number {
  return high > low ? (value - low) / (high - low) : 0.5;
}
