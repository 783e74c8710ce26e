/**
 * Messages as they come, newest first, with a filter.
 * @module
 */
import { memo } from "preact/compat";
import { useMemo, useState } from "preact/hooks";
import type { MessageRow } from "../../protocol.ts";
import { devicePath } from "../api.ts";
import { bytes, clock, fullTime, pretty } from "../format.ts";
import { useLive } from "../live.ts";
import { useLoad } from "../load.ts";
import { Link, pathOf } from "../navigation.tsx";
import { Choice, Search } from "../parts/search.tsx";
import { Pending } from "../parts/state.tsx";
import { text } from "../text.ts";

/** Messages kept in the page, and shown at first. */
const KEPT = 2000;
const SHOWN = 100;

interface Filter {
  words: string;
  direction: "" | "up" | "down";
  code: "" | "ok" | "other" | "none";
}

interface ListProps {
  /** Only messages of this one. */
  device?: { productKey: string; deviceName: string };
}

export function MessageList({ device }: ListProps) {
  const loaded = useLoad<MessageRow[]>(device ? `${devicePath(device)}/messages` : "messages");
  const [filter, setFilter] = useState<Filter>({ words: "", direction: "", code: "" });
  /** Up to which message the list stands still, and from which on it was not cleared. */
  const [pausedAt, setPausedAt] = useState<number>();
  const [clearedTo, setClearedTo] = useState(0);
  const [skipped, setSkipped] = useState(0);
  const [most, setMost] = useState(SHOWN);
  useLive(
    { on: ["messages"], device },
    {
      messages: ({ rows, skipped }) => {
        loaded.change((old) => withRows(old, rows));
        setSkipped((before) => before + skipped);
      },
      onMissed: loaded.reload,
    },
  );
  const { data } = loaded;
  const last = data?.at(-1)?.id ?? 0;
  const there = useMemo(
    () =>
      (data ?? []).filter(({ id }) => id > clearedTo && (pausedAt === undefined || id <= pausedAt)),
    [data, pausedAt, clearedTo],
  );
  const found = useMemo(() => there.filter((row) => fits(row, filter)), [there, filter]);

  if (!data) return <Pending loaded={loaded} />;
  const change = (part: Partial<Filter>) => {
    setFilter({ ...filter, ...part });
    setMost(SHOWN);
  };
  const waiting = pausedAt === undefined ? 0 : data.filter(({ id }) => id > pausedAt).length;
  return (
    <>
      <search class="toolbar">
        <Search
          label={text.messages.search}
          value={filter.words}
          onChange={(words) => change({ words })}
        />
        <Choice
          label={text.messages.direction}
          value={filter.direction}
          choices={[
            ["", text.app.all],
            ["up", text.messages.up],
            ["down", text.messages.down],
          ]}
          onChange={(direction) => change({ direction })}
        />
        <Choice
          label={text.messages.code}
          value={filter.code}
          choices={[
            ["", text.app.all],
            ["ok", text.messages.codes.ok],
            ["other", text.messages.codes.other],
            ["none", text.messages.codes.none],
          ]}
          onChange={(code) => change({ code })}
        />
        <span class="spacer" />
        <button
          type="button"
          aria-pressed={pausedAt !== undefined}
          onClick={() => setPausedAt(pausedAt === undefined ? last : undefined)}
        >
          {pausedAt === undefined ? text.messages.pause : text.messages.resume}
        </button>
        <button type="button" onClick={() => setClearedTo(last)}>
          {text.messages.clear}
        </button>
      </search>
      <p class="faint counts">
        {text.messages.shown(found.length, there.length)}
        {pausedAt !== undefined && `, ${text.messages.waiting(waiting)}`}
        {skipped > 0 && `. ${text.messages.skipped(skipped)}`}
      </p>
      {found.length === 0 ? (
        <p class="empty">{there.length === 0 ? text.messages.empty : text.messages.noneFound}</p>
      ) : (
        <ol class="card list messages" aria-label={text.messages.list}>
          {found
            .slice(-most)
            .reverse()
            .map((row) => (
              <Message key={row.id} row={row} hasDevice={device === undefined} />
            ))}
        </ol>
      )}
      {found.length > most && (
        <button type="button" class="more" onClick={() => setMost(most + SHOWN)}>
          {text.app.more}
        </button>
      )}
    </>
  );
}

const Message = memo(({ row, hasDevice }: { row: MessageRow; hasDevice: boolean }) => {
  const { direction, code, topic, payload } = row;
  return (
    <li>
      <details class={`message ${direction}`}>
        <summary>
          <time class="faint" dateTime={new Date(row.at).toISOString()} title={fullTime(row.at)}>
            {clock(row.at)}
          </time>
          <span class="arrow" role="img" aria-label={text.messages[direction]}>
            {direction === "up" ? "▲" : "▼"}
          </span>
          {hasDevice && <span class="device">{row.deviceName}</span>}
          <code class="topic">{shortTopic(row)}</code>
          <CodeMark code={code} />
          <code class="payload">{payload || text.messages.emptyPayload}</code>
        </summary>
        <dl class="parts">
          {hasDevice && (
            <>
              <dt>{text.devices.device}</dt>
              <dd>
                <Link to={pathOf("devices", row.productKey, row.deviceName)}>{row.deviceName}</Link>
              </dd>
            </>
          )}
          <dt>{text.messages.topic}</dt>
          <dd>
            <code>{topic}</code> · QoS {row.qos}
          </dd>
          {row.note !== undefined && (
            <>
              <dt>{text.messages.remark}</dt>
              <dd>{row.note}</dd>
            </>
          )}
          <dt>
            {text.messages.payload} · {bytes(row.bytes)}
          </dt>
          <dd>
            <pre>{pretty(payload)}</pre>
          </dd>
        </dl>
      </details>
    </li>
  );
});

function CodeMark({ code }: { code: number | undefined }) {
  if (code === undefined) return <span class="code" />;
  return <span class={`code ${code === 200 || code === 1000 ? "good" : "bad"}`}>{code}</span>;
}

/** The topic without the device's own name in it, which is said already. */
function shortTopic({ topic, productKey, deviceName }: MessageRow): string {
  return topic.replace(`/${productKey}/${deviceName}`, "/…");
}

function withRows(old: MessageRow[], rows: MessageRow[]): MessageRow[] {
  const last = old.at(-1)?.id ?? 0;
  return [...old, ...rows.filter(({ id }) => id > last)].slice(-KEPT);
}

function fits(row: MessageRow, { words, direction, code }: Filter): boolean {
  if (direction !== "" && row.direction !== direction) return false;
  if (code !== "" && kindOf(row.code) !== code) return false;
  const all = `${row.topic} ${row.payload} ${row.deviceName} ${row.note ?? ""}`;
  return all.toLowerCase().includes(words.trim().toLowerCase());
}

function kindOf(code: number | undefined): "ok" | "other" | "none" {
  if (code === undefined) return "none";
  return code === 200 || code === 1000 ? "ok" : "other";
}
