/**
 * Numbers over time, drawn by uPlot in the colours of the page.
 * @module
 */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Series } from "../../protocol.ts";
import { fullTime, number, tickTime } from "../format.ts";
import { text } from "../text.ts";

interface ChartProps {
  name: string;
  unit: string;
  series: Series[];
  /** Milliseconds shown up to now; 0 for all there is. */
  range: number;
}

const HEIGHT = 240;

export function Chart({ name, unit, series, range }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const shape = series.map(({ member }) => member).join(" ");

  useEffect(() => {
    const element = box.current as HTMLDivElement;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(element, name, unit, series), dataOf(series), element);
    };
    draw();
    const resized = new ResizeObserver(() => {
      plot.current?.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    resized.observe(element);
    const theme = matchMedia("(prefers-color-scheme: dark)");
    theme.addEventListener("change", draw);
    return () => {
      theme.removeEventListener("change", draw);
      resized.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [name, unit, shape]);

  useEffect(() => {
    const drawn = plot.current;
    if (!drawn) return;
    drawn.setData(dataOf(series), true);
    drawn.setScale("x", rangeOfTimes(series, range));
  }, [series, range]);

  const points = series[0]?.values.length ?? 0;
  const label = `${text.properties.overTime(name)}: ${text.properties.points(points)}`;
  return <div ref={box} class="chart" role="img" aria-label={label} />;
}

/** Columns of all series over the times of all of them. */
function dataOf(series: Series[]): uPlot.AlignedData {
  const tables = series.map(
    ({ times, values }): uPlot.AlignedData => [times.map((time) => time / 1000), values],
  );
  return tables.length === 1 ? (tables[0] as uPlot.AlignedData) : uPlot.join(tables);
}

function optionsOf(
  element: HTMLElement,
  name: string,
  unit: string,
  series: Series[],
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (property: string) => style.getPropertyValue(property).trim();
  const axis = {
    stroke: colour("--faint"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1 },
    font: `12px ${style.fontFamily}`,
  };
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [12, 12, 0, 0],
    legend: { live: true },
    cursor: { y: false },
    hooks: { setData: [showLast], setCursor: [showLast] },
    scales: { y: { range: rangeOfValues } },
    axes: [
      {
        ...axis,
        space: 84,
        values: (_plot, ticks, _axis, _space, step) => ticks.map((at) => tickTime(at * 1000, step)),
      },
      { ...axis, size: 56, values: (_plot, ticks) => ticks.map(number) },
    ],
    series: [
      {
        label: text.properties.time,
        value: (_plot: uPlot, at: number | null) => (at === null ? "–" : fullTime(at * 1000)),
      },
      ...series.map(({ member }, index) => ({
        label: member === "" ? name : member,
        stroke: colour(`--series-${(index % 4) + 1}`),
        width: 2,
        ...(stepped ? { paths: stepped } : {}),
        value: (_plot: uPlot, value: number | null) =>
          value === null ? "–" : `${number(value)} ${unit}`.trimEnd(),
        points: { size: 5, fill: colour(`--series-${(index % 4) + 1}`) },
        spanGaps: true,
      })),
    ],
  };
}

/** The legend has the value at the pointer, or else the newest. */
function showLast(plot: uPlot): void {
  if (plot.cursor.idx === null || plot.cursor.idx === undefined) {
    plot.setLegend({ idx: (plot.data[0]?.length ?? 0) - 1 });
  }
}

/** Up to now; what was before the first value needs no room. */
function rangeOfTimes(series: Series[], range: number): { min: number; max: number } {
  const max = Date.now() / 1000;
  const first = Math.min(...series.map(({ times }) => times[0] ?? Number.POSITIVE_INFINITY)) / 1000;
  const start = range === 0 ? first : Math.max(first, max - range / 1000);
  return { min: Number.isFinite(start) ? start - (max - start) * 0.02 : max - 60, max };
}

/** Some room above and below, also round a value that never changed. */
function rangeOfValues(_plot: uPlot, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const room = (high - low) * 0.1 || Math.max(1, Math.abs(high) * 0.1);
  return [low - room, high + room];
}
