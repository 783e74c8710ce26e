/**
 * One device: what it is, and its sections.
 * @module
 */
import { useState } from "preact/hooks";
import type { HistoryEntry } from "../../../cloud/store/history.ts";
import type { DeviceDetail, LiveEvents, Secrets } from "../../protocol.ts";
import { devicePath, post } from "../api.ts";
import { useLive } from "../live.ts";
import { useLoad } from "../load.ts";
import { Link, pathOf } from "../navigation.tsx";
import { Ago, Pending, StatusMark } from "../parts/state.tsx";
import { text } from "../text.ts";
import { ControlSection } from "./device-control.tsx";
import { EventsSection } from "./device-events.tsx";
import { FilesSection } from "./device-files.tsx";
import { PropertiesSection } from "./device-properties.tsx";
import { MessageList } from "./message-list.tsx";

const TABS = ["properties", "events", "control", "files", "messages"] as const;
/** Newest values kept for the small pictures, and events. */
const RECENT = 60;
const EVENTS = 200;

interface DeviceViewProps {
  productKey: string;
  deviceName: string;
  tab: string | undefined;
}

export function DeviceView({ productKey, deviceName, tab }: DeviceViewProps) {
  const id = { productKey, deviceName };
  const loaded = useLoad<DeviceDetail>(devicePath(id));
  const [seen, setSeen] = useState(0);
  const section = TABS.find((name) => name === tab) ?? "properties";
  useLive(
    { device: id },
    {
      devices: ([device]) => {
        if (device) loaded.change((detail) => ({ ...detail, device }));
      },
      entries: (entries) => {
        loaded.change((detail) => withEntries(detail, entries));
        if (entries.some(({ kind }) => kind === "property")) setSeen((count) => count + 1);
      },
      onMissed: () => {
        loaded.reload();
        setSeen((count) => count + 1);
      },
    },
  );
  const { data: detail } = loaded;
  if (!detail) return <Pending loaded={loaded} />;
  return (
    <>
      <Link to="/devices" class="back">
        ‹ {text.app.back}
      </Link>
      <DeviceHeading detail={detail} />
      <nav class="tabs" aria-label={text.device.sections}>
        {TABS.map((name) => (
          <Link
            key={name}
            to={pathOf("devices", productKey, deviceName, ...(name === "properties" ? [] : [name]))}
            isCurrent={name === section}
          >
            {text.device[name]}
          </Link>
        ))}
      </nav>
      {section === "properties" && <PropertiesSection detail={detail} seen={seen} />}
      {section === "events" && <EventsSection detail={detail} />}
      {section === "control" && <ControlSection detail={detail} />}
      {section === "files" && <FilesSection detail={detail} />}
      {section === "messages" && <MessageList device={id} />}
    </>
  );
}

function DeviceHeading({ detail }: { detail: DeviceDetail }) {
  const { device, product } = detail;
  return (
    <div class="heading device">
      <div>
        <h1>{device.deviceName}</h1>
        <p class="faint">
          {[device.nickname, product.name].filter(Boolean).join(" · ")}
          {device.gateway && (
            <>
              {" · "}
              <Link to={pathOf("devices", device.gateway.productKey, device.gateway.deviceName)}>
                {text.devices.behind(device.gateway.deviceName)}
              </Link>
            </>
          )}
          {device.lastSeen !== undefined && (
            <>
              {` · ${text.device.seen} `}
              <Ago at={device.lastSeen} />
            </>
          )}
        </p>
      </div>
      <div class="marks">
        <StatusMark status={device.status} />
        {device.versions.length === 0 && <span class="mark">{text.device.noVersion}</span>}
        {device.versions.map(({ module, version }) => (
          <span class="mark" key={module}>
            {module === "default" ? "" : `${module} `}
            <strong>{version}</strong>
          </span>
        ))}
      </div>
      <Credentials detail={detail} />
    </div>
  );
}

function Credentials({ detail }: { detail: DeviceDetail }) {
  const { device, canReveal } = detail;
  const [secrets, setSecrets] = useState<Secrets>();
  const [error, setError] = useState("");
  const reveal = () => {
    setError("");
    post<Secrets>(`${devicePath(device)}/secret`).then(setSecrets, (error: Error) =>
      setError(error.message),
    );
  };
  const hidden = <span class="faint">•••••••• {text.device.hidden}</span>;
  return (
    <details class="credentials">
      <summary>{text.device.credentials}</summary>
      <dl>
        <dt>{text.device.productKey}</dt>
        <dd>
          <code>{device.productKey}</code>
        </dd>
        <dt>{text.device.deviceName}</dt>
        <dd>
          <code>{device.deviceName}</code>
        </dd>
        <dt>{text.device.productSecret}</dt>
        <dd>{secrets ? <code>{secrets.productSecret}</code> : hidden}</dd>
        <dt>{text.device.deviceSecret}</dt>
        <dd>{secrets ? <code>{secrets.deviceSecret}</code> : hidden}</dd>
      </dl>
      {canReveal ? (
        <button type="button" onClick={secrets ? () => setSecrets(undefined) : reveal}>
          {secrets ? text.device.hide : text.device.reveal}
        </button>
      ) : (
        <p class="faint">{text.device.secretsKept}</p>
      )}
      {error !== "" && (
        <p class="problem" role="alert">
          {error}
        </p>
      )}
    </details>
  );
}

function withEntries(detail: DeviceDetail, entries: LiveEvents["entries"]): DeviceDetail {
  const values = { ...detail.values };
  const recent = { ...detail.recent };
  const events: HistoryEntry[] = [];
  for (const { kind, entry } of entries) {
    const { identifier, time, value } = entry;
    if (kind === "event") events.push(entry);
    if (kind !== "property") continue;
    if (time >= (values[identifier]?.time ?? 0)) values[identifier] = { value, time };
    const series = recent[identifier];
    if (!series || typeof value !== "number") continue;
    recent[identifier] = {
      ...series,
      times: [...series.times, time].slice(-RECENT),
      values: [...series.values, value].slice(-RECENT),
    };
  }
  const shown = [...events.reverse(), ...detail.events].slice(0, EVENTS);
  return { ...detail, values, recent, events: shown };
}
