/**
 * What can be broken on purpose.
 * @module
 */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { FaultName, FaultScope, FaultStates } from "../../protocol.ts";
import { post } from "../api.ts";
import { faults, useLive } from "../live.ts";
import { text } from "../text.ts";

const DOWNLOADS = ["expired", "corrupt", "block"] as const;

export function FaultsView() {
  useLive({}, {});
  const [error, setError] = useState("");
  const set = (name: FaultName, scope?: FaultScope) => {
    setError("");
    wasPressed = name;
    post<FaultStates>(`faults/${name}`, scope === undefined ? {} : { scope }).then(
      (states) => {
        faults.value = states;
      },
      (error: Error) => setError(error.message),
    );
  };
  return (
    <>
      <div class="heading">
        <h1>{text.faults.title}</h1>
        <p class="faint">{text.faults.lead}</p>
      </div>
      {error !== "" && (
        <p class="note bad" role="alert">
          {error}
        </p>
      )}
      <div class="grid">
        <FaultCard name="network">
          {faults.value.network ? (
            <button type="button" class="primary" onClick={() => set("network")}>
              {text.faults.restore}
            </button>
          ) : (
            <button type="button" class="danger" onClick={() => set("network", "always")}>
              {text.faults.names.network}
            </button>
          )}
        </FaultCard>
        {DOWNLOADS.map((name) => (
          <FaultCard key={name} name={name}>
            {faults.value[name] ? (
              <button
                type="button"
                class="primary"
                aria-label={`${text.faults.switchOff}: ${text.faults.names[name]}`}
                onClick={() => set(name)}
              >
                {text.faults.switchOff}
              </button>
            ) : (
              (["once", "always"] as const).map((scope) => (
                <button
                  key={scope}
                  type="button"
                  class="danger"
                  aria-label={`${text.faults.names[name]}: ${text.faults.scopes[scope]}`}
                  onClick={() => set(name, scope)}
                >
                  {text.faults.scopes[scope]}
                </button>
              ))
            )}
          </FaultCard>
        ))}
      </div>
      <p class="faint">{text.faults.oneAtATime}</p>
    </>
  );
}

/** The fault whose button was pressed last. */
let wasPressed: FaultName | undefined;

interface CardProps {
  name: FaultName;
  children: ComponentChildren;
}

function FaultCard({ name, children }: CardProps) {
  const scope = faults.value[name];
  const card = useRef<HTMLElement>(null);
  const isOn = scope !== undefined;
  // The button that was pressed has gone: the one in its place takes the focus.
  useLayoutEffect(() => {
    if (wasPressed !== name) return;
    card.current?.querySelector("button")?.focus();
    wasPressed = undefined;
  }, [isOn]);
  return (
    <section
      ref={card}
      class={`card fault ${scope ? "on" : ""}`}
      aria-label={text.faults.names[name]}
    >
      <div class="card-head">
        <span class="mark hazard">{text.faults.mark}</span>
        <span class={scope ? "mark on" : "mark"} role="status">
          {scope ? text.faults.onScopes[scope] : text.faults.isOff}
        </span>
      </div>
      <h2>{text.faults.names[name]}</h2>
      <p>{text.faults.hints[name]}</p>
      <div class="actions">{children}</div>
    </section>
  );
}
