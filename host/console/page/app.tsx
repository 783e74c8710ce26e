/**
 * The frame of the page: navigation, state of the connection, and the view in it.
 * @module
 */
import { useEffect, useErrorBoundary, useRef } from "preact/hooks";
import type { FaultName } from "../protocol.ts";
import { BluetoothView } from "./bluetooth/view.tsx";
import { connection, faults } from "./live.ts";
import { Link, route } from "./navigation.tsx";
import { text } from "./text.ts";
import { DeviceView } from "./views/device.tsx";
import { DevicesView } from "./views/devices.tsx";
import { FaultsView } from "./views/faults.tsx";
import { MessagesView } from "./views/messages.tsx";
import { UpdatesView } from "./views/updates.tsx";

const SECTIONS = ["devices", "messages", "updates", "faults", "board"] as const;

type Section = (typeof SECTIONS)[number];

export function App() {
  const [section = "devices", ...rest] = route.value;
  return (
    <>
      <a class="skip" href="#content">
        {text.app.skip}
      </a>
      <header class="top">
        <Link to="/" class="brand">
          <img src="/icon.svg" alt="" width="24" height="24" />
          {text.app.name}
        </Link>
        <nav aria-label={text.app.navigation}>
          {SECTIONS.map((name) => (
            <Link key={name} to={`/${name}`} isCurrent={section === name}>
              {text.app[name]}
            </Link>
          ))}
        </nav>
        <ConnectionMark />
      </header>
      <FaultBanner />
      <Content key={[section, ...rest.slice(0, 2)].join("/")} section={section} rest={rest} />
    </>
  );
}

function ConnectionMark() {
  const { value } = connection;
  return (
    <span class={`connection ${value}`} role="status">
      {text.app[value]}
    </span>
  );
}

/** Nobody should search for a mistake that is switched on. */
function FaultBanner() {
  const on = Object.keys(faults.value) as FaultName[];
  if (on.length === 0) return null;
  return (
    <div class="banner hazard" role="status">
      <p>
        {text.app.faultsOn} <strong>{on.map((name) => text.faults.names[name]).join(", ")}</strong>.{" "}
        <Link to="/faults">{text.app.toFaults}</Link>
      </p>
    </div>
  );
}

/** A view, which takes the focus when it is come to. */
function Content({ section, rest }: { section: string; rest: string[] }) {
  const main = useRef<HTMLElement>(null);
  const [failure, restart] = useErrorBoundary();
  const name = SECTIONS.find((known) => known === section);
  useEffect(() => {
    const title = rest[1] ?? (name ? text.app[name] : "");
    document.title = [title, text.app.name].filter(Boolean).join(" · ");
    if (wasShown) main.current?.focus();
    wasShown = true;
  }, []);
  return (
    <main id="content" tabIndex={-1} ref={main}>
      {failure ? (
        <div class="empty" role="alert">
          <p>
            {text.app.broken} {String(failure)}
          </p>
          <button type="button" onClick={restart}>
            {text.app.reload}
          </button>
        </div>
      ) : (
        <View section={name} rest={rest} />
      )}
    </main>
  );
}

let wasShown = false;

function View({ section, rest }: { section: Section | undefined; rest: string[] }) {
  const [productKey, deviceName, tab] = rest;
  if (section === "devices" && productKey && deviceName) {
    return <DeviceView productKey={productKey} deviceName={deviceName} tab={tab} />;
  }
  switch (section) {
    case "devices":
      return <DevicesView />;
    case "messages":
      return <MessagesView />;
    case "updates":
      return <UpdatesView />;
    case "faults":
      return <FaultsView />;
    case "board":
      return <BluetoothView />;
    case undefined:
      return <p class="empty">{text.app.notFound}</p>;
  }
}
