/**
 * What a device reported to have happened.
 * @module
 */
import type { HistoryEntry } from "../../../cloud/store/history.ts";
import type { Event } from "../../../cloud/thing/tsl.ts";
import type { DeviceDetail } from "../../protocol.ts";
import { fullTime, shown } from "../format.ts";
import { Ago } from "../parts/state.tsx";
import { text } from "../text.ts";

export function EventsSection({ detail }: { detail: DeviceDetail }) {
  const { events, model } = detail;
  if (events.length === 0) return <p class="empty">{text.events.empty}</p>;
  const byName = new Map(model.events.map((event) => [event.identifier, event]));
  return (
    <ol class="card list" aria-label={text.events.list}>
      {events.map((entry, index) => (
        <EventRow
          // Those of the same moment differ by their place, counted from the oldest.
          key={`${entry.time} ${events.length - index}`}
          entry={entry}
          event={byName.get(entry.identifier)}
        />
      ))}
    </ol>
  );
}

function EventRow({ entry, event }: { entry: HistoryEntry; event: Event | undefined }) {
  const outputs = Object.entries((entry.value ?? {}) as Record<string, unknown>);
  const type = event?.type ?? "info";
  return (
    <li class="event">
      <span class={`mark event-${type}`}>{text.events.types[type]}</span>
      <div>
        <strong>{event?.name ?? entry.identifier}</strong>{" "}
        <code class="faint">{entry.identifier}</code>
        {outputs.length === 0 ? (
          <div class="faint">{text.events.none}</div>
        ) : (
          <dl class="members">
            {outputs.map(([identifier, value]) => {
              const output = event?.outputData.find((each) => each.identifier === identifier);
              return (
                <div key={identifier}>
                  <dt>{output?.name ?? identifier}</dt>
                  <dd>{output ? shown(value, output.dataType) : JSON.stringify(value)}</dd>
                </div>
              );
            })}
          </dl>
        )}
      </div>
      <span class="when">
        <Ago at={entry.time} />
        <span class="faint">{fullTime(entry.time)}</span>
      </span>
    </li>
  );
}
