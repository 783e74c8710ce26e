/**
 * A device's properties: current values, how they went lately, and one of them over time.
 * @module
 */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Property } from "../../../cloud/thing/tsl.ts";
import type { DeviceDetail, Series } from "../../protocol.ts";
import { numberMembers } from "../../series.ts";
import { devicePath } from "../api.ts";
import { fullTime, number, shown } from "../format.ts";
import { useLoad } from "../load.ts";
import { Chart } from "../parts/chart.tsx";
import { Spark } from "../parts/spark.tsx";
import { Ago, Pending } from "../parts/state.tsx";
import { text } from "../text.ts";

/** Rows of the table that says in words what the chart shows. */
const TABLE_ROWS = 20;
const DEFAULT_RANGE = 3_600_000;
/** A chart is fetched anew this often at most, ms. */
const REDRAW_MS = 500;

interface SectionProps {
  detail: DeviceDetail;
  /** Grows with every change of values. */
  seen: number;
}

export function PropertiesSection({ detail, seen }: SectionProps) {
  const { properties } = detail.model;
  const drawable = properties.filter(({ dataType }) => numberMembers(dataType).length > 0);
  const [chosen, setChosen] = useState(
    () =>
      (drawable.find(({ identifier }) => identifier in detail.values) ?? drawable[0])?.identifier,
  );
  const property = drawable.find(({ identifier }) => identifier === chosen);
  if (properties.length === 0) return <p class="empty">{text.properties.empty}</p>;
  return (
    <>
      {property ? (
        <OverTime key={chosen} detail={detail} property={property} seen={seen} />
      ) : (
        <p class="empty">{text.properties.noNumbers}</p>
      )}
      <div class="card table">
        <table>
          <thead>
            <tr>
              <th scope="col">{text.properties.name}</th>
              <th scope="col">{text.properties.value}</th>
              <th scope="col" class="column-trend">
                {text.properties.trend}
              </th>
              <th scope="col" class="column-time">
                {text.properties.reported}
              </th>
            </tr>
          </thead>
          <tbody>
            {properties.map((each) => (
              <PropertyRow
                key={each.identifier}
                property={each}
                detail={detail}
                isChosen={each === property}
                onChoose={drawable.includes(each) ? () => setChosen(each.identifier) : undefined}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface RowProps {
  property: Property;
  detail: DeviceDetail;
  isChosen: boolean;
  onChoose: (() => void) | undefined;
}

function PropertyRow({ property, detail, isChosen, onChoose }: RowProps) {
  const { identifier, name } = property;
  const current = detail.values[identifier];
  return (
    <tr class={isChosen ? "chosen" : ""}>
      <th scope="row">
        {onChoose ? (
          <button
            type="button"
            class="link"
            aria-pressed={isChosen}
            aria-label={text.properties.choose(name)}
            onClick={onChoose}
          >
            {name}
          </button>
        ) : (
          name
        )}
        <div class="faint">
          <code>{identifier}</code>
        </div>
        {current && (
          <div class="faint narrow">
            <Ago at={current.time} />
          </div>
        )}
      </th>
      <td class="value">
        {current ? (
          <Value value={current.value} property={property} />
        ) : (
          <span class="faint">{text.properties.notYet}</span>
        )}
      </td>
      <td class="column-trend">
        <Spark series={detail.recent[identifier]} />
      </td>
      <td class="column-time">{current && <Ago at={current.time} />}</td>
    </tr>
  );
}

/** A value; of a struct, each member. */
function Value({ value, property }: { value: unknown; property: Property }) {
  const { dataType } = property;
  if (dataType.type !== "struct" || typeof value !== "object" || value === null) {
    return <>{shown(value, dataType)}</>;
  }
  const members = value as Record<string, unknown>;
  return (
    <dl class="members">
      {dataType.specs
        .filter(({ identifier }) => identifier in members)
        .map(({ identifier, name, dataType }) => (
          <div key={identifier}>
            <dt>{name}</dt>
            <dd>{shown(members[identifier], dataType)}</dd>
          </div>
        ))}
    </dl>
  );
}

function OverTime({ detail, property, seen }: SectionProps & { property: Property }) {
  const { identifier, name, dataType } = property;
  const [range, setRange] = useState(DEFAULT_RANGE);
  // The same while new values come, so that the chart stays, too.
  const from = useMemo(() => (range === 0 ? 0 : Date.now() - range), [range]);
  const path = `${devicePath(detail.device)}/series/${encodeURIComponent(identifier)}?from=${from}`;
  const loaded = useLoad<Series[]>(path);
  useSometimes(loaded.reload, seen);
  const { unit = "" } = dataType.specs as { unit?: string };
  const isEmpty = loaded.data?.every(({ values }) => values.length === 0);
  return (
    <section class="card over-time" aria-label={text.properties.overTime(name)}>
      <div class="card-head">
        <h2>{text.properties.overTime(name)}</h2>
        <fieldset class="segments">
          <legend class="hidden">{text.properties.range}</legend>
          {Object.entries(text.properties.ranges)
            .sort(([a], [b]) => (Number(a) || Infinity) - (Number(b) || Infinity))
            .map(([ms, words]) => (
              <button
                key={ms}
                type="button"
                aria-pressed={range === Number(ms)}
                onClick={() => setRange(Number(ms))}
              >
                {words}
              </button>
            ))}
        </fieldset>
      </div>
      {!loaded.data && <Pending loaded={loaded} />}
      {isEmpty && <p class="empty">{text.properties.noPoints}</p>}
      {loaded.data && !isEmpty && (
        <>
          <Chart name={name} unit={unit} series={loaded.data} range={range} />
          <ValueTable series={loaded.data} name={name} />
        </>
      )}
    </section>
  );
}

/** Does something soon after a count has grown, and not too often while it grows. */
function useSometimes(act: () => void, count: number): void {
  const latest = useRef(act);
  latest.current = act;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (count === 0 || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      latest.current();
    }, REDRAW_MS);
  }, [count]);
  useEffect(() => () => clearTimeout(timer.current), []);
}

/** The newest values in words. */
function ValueTable({ series, name }: { series: Series[]; name: string }) {
  const [first] = series;
  if (!first) return null;
  const rows = first.times.map((time, index) => ({ time, index })).slice(-TABLE_ROWS);
  return (
    <details class="values">
      <summary>{text.properties.table}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{text.properties.time}</th>
            {series.map(({ member }) => (
              <th scope="col" key={member}>
                {member || name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.reverse().map(({ time, index }) => (
            <tr key={index}>
              <td>{fullTime(time)}</td>
              {series.map(({ member, values }) => (
                <td key={member}>{number(values[index] ?? Number.NaN)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
