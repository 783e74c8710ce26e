/**
 * A board over Bluetooth: connects to it, shows what it does, and sets it up.
 * @module
 */
import { useLive } from "../live.ts";
import { text } from "../text.ts";
import { BoardCard } from "./board-card.tsx";
import { BoardConsole } from "./board-console.tsx";
import { connect, restarted, session, type Trouble, trouble } from "./session.ts";
import { SettingsForm } from "./settings-form.tsx";
import { support } from "./uart.ts";

export function BluetoothView() {
  useLive({}, {});
  const words = text.bluetooth;
  const current = session.value;
  return (
    <>
      <div class="heading">
        <h1>{words.title}</h1>
        <p class="faint">{words.lead}</p>
      </div>
      {trouble.value && (
        <p class="note bad" role="alert">
          {explain(trouble.value)}
        </p>
      )}
      {restarted.value && (
        <p class="note good" role="status">
          {words.restarting}
        </p>
      )}
      {typeof current === "object" ? (
        <>
          <div class="columns">
            <BoardCard session={current} />
            <BoardConsole session={current} />
          </div>
          <SettingsForm session={current} />
        </>
      ) : (
        <Offer isConnecting={current === "connecting"} />
      )}
    </>
  );
}

function Offer({ isConnecting }: { isConnecting: boolean }) {
  const words = text.bluetooth;
  const able = support();
  if (able !== "here") {
    return (
      <div class="empty" role="alert">
        <p>{words.unable[able]}</p>
      </div>
    );
  }
  return (
    <div class="empty">
      <p role="status">{isConnecting ? words.connecting : words.how}</p>
      <button type="button" class="primary" aria-disabled={isConnecting} onClick={connect}>
        {words.connect}
      </button>
    </div>
  );
}

function explain({ kind, text: detail }: Trouble): string {
  return kind === "other" ? detail : text.bluetooth.trouble[kind](detail);
}
