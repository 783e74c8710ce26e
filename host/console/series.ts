/**
 * Numbers to draw, out of the values of properties: of a struct, each member that is a number.
 * @module
 */
import type { HistoryEntry } from "../cloud/store/history.ts";
import type { DataType } from "../cloud/thing/tsl.ts";
import type { Series } from "./protocol.ts";

/** Paths of the numbers within a value of a type; an empty one for a number itself. */
export function numberMembers(dataType: DataType): string[] {
  switch (dataType.type) {
    case "int":
    case "float":
    case "double":
    case "bool":
    case "enum":
      return [""];
    case "struct":
      return dataType.specs
        .filter((member) => numberMembers(member.dataType).includes(""))
        .map(({ identifier }) => identifier);
    default:
      return [];
  }
}

/** @param entries oldest first. */
export function seriesOf(entries: HistoryEntry[], member: string): Series {
  const series: Series = { member, times: [], values: [] };
  for (const { time, value } of entries) {
    const found = member === "" ? value : (value as Record<string, unknown> | null)?.[member];
    if (typeof found !== "number") continue;
    series.times.push(time);
    series.values.push(found);
  }
  return series;
}

/**
 * At most so many points: of each stretch, the lowest and the highest, so that no peak gets lost.
 * The last point stays.
 */
export function thinned(series: Series, most: number): Series {
  const { times, values } = series;
  if (times.length <= most) return series;
  const stretch = Math.ceil((2 * times.length) / (most - 1));
  const kept: number[] = [];
  for (let from = 0; from < times.length; from += stretch) {
    const to = Math.min(from + stretch, times.length);
    let [low, high] = [from, from];
    for (let at = from; at < to; at++) {
      if (numberAt(values, at) < numberAt(values, low)) low = at;
      if (numberAt(values, at) > numberAt(values, high)) high = at;
    }
    kept.push(...(low === high ? [low] : [Math.min(low, high), Math.max(low, high)]));
  }
  if (kept.at(-1) !== times.length - 1) kept.push(times.length - 1);
  const of = (numbers: number[]) => kept.map((at) => numberAt(numbers, at));
  return { ...series, times: of(times), values: of(values) };
}

function numberAt(numbers: number[], index: number): number {
  return numbers[index] as number;
}
