/**
 * What a connected board logs.
 * @module
 */
import { useLayoutEffect, useRef } from "preact/hooks";
import { Choice } from "../parts/search.tsx";
import { text } from "../text.ts";
import { output, type Session, setLog, state } from "./session.ts";

const LEVELS = ["off", "error", "warn", "info", "debug"] as const;

export function BoardConsole({ session }: { session: Session }) {
  const words = text.bluetooth;
  const pane = useRef<HTMLPreElement>(null);
  const level = LEVELS.find((known) => known === state.value?.log);
  // Follows the end, unless the person has scrolled back.
  useLayoutEffect(() => {
    const { current } = pane;
    if (!current) return;
    const below = current.scrollHeight - current.scrollTop - current.clientHeight;
    if (below < 200) current.scrollTop = current.scrollHeight;
  }, [output.value]);
  return (
    <section class="card" aria-label={words.console}>
      <div class="card-head">
        <h2>{words.console}</h2>
        {level && (
          <Choice
            label={words.level}
            value={level}
            choices={LEVELS.map((name) => [name, words.levels[name]] as const)}
            onChange={(name) => void setLog(session, name).catch(() => {})}
          />
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by the keyboard too */}
      <pre ref={pane} class="console" role="log" aria-label={words.console} tabIndex={0}>
        {output.value === "" ? words.quiet : output.value}
      </pre>
    </section>
  );
}
