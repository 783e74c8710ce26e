/**
 * What a connected board says of itself.
 * @module
 */
import { text } from "../text.ts";
import { disconnect, type Session, state } from "./session.ts";

export function BoardCard({ session }: { session: Session }) {
  const words = text.bluetooth;
  const { board, target } = session;
  const { interpreter, release, version, online, link, lastReply } = state.value ?? {};
  return (
    <section class="card" aria-label={words.board}>
      <div class="card-head">
        <h2>{board.name || target.board}</h2>
        <span class={online ? "mark good" : "mark"} role="status">
          {words.states[online === undefined ? "none" : online ? "online" : "offline"]}
        </span>
      </div>
      <dl class="facts">
        <dt>{words.interpreter}</dt>
        <dd>
          {interpreter} {release}
        </dd>
        <dt>{words.firmware}</dt>
        <dd>{version ?? words.noFirmware}</dd>
        {link !== undefined && (
          <>
            <dt>{words.link}</dt>
            <dd>{link}</dd>
          </>
        )}
        {lastReply && (
          <>
            <dt>{words.lastReply}</dt>
            <dd>
              {lastReply.code} {lastReply.message}
            </dd>
          </>
        )}
      </dl>
      <div class="actions">
        <button type="button" onClick={() => disconnect(session)}>
          {words.disconnect}
        </button>
      </div>
    </section>
  );
}
