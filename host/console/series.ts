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
