/**
 * Chooses the devices that get a package, and how.
 * @module
 */
import type { TargetedSubmitEvent } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { DeviceRow, JobRequest, PackageRow } from "../../protocol.ts";
import { post } from "../api.ts";
import { Search } from "../parts/search.tsx";
import { StatusMark } from "../parts/state.tsx";
import { text } from "../text.ts";

/** Devices that are listed; a filter finds the others. */
const LISTED = 100;

interface StartProps {
  firmware: PackageRow;
  devices: DeviceRow[];
  onStarted(): void;
  onClose(): void;
}

export function StartForm({ firmware, devices, onStarted, onClose }: StartProps) {
  const id = useId();
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [protocol, setProtocol] = useState<JobRequest["protocol"]>("https");
  const [overwrite, setOverwrite] = useState(false);
  const [error, setError] = useState("");
  const form = useRef<HTMLFormElement>(null);
  // The button that opened the form has gone.
  useLayoutEffect(() => form.current?.querySelector("input")?.focus(), []);
  const wanted = words.trim().toLowerCase();
  const found = devices.filter(({ deviceName, nickname }) =>
    `${deviceName} ${nickname}`.toLowerCase().includes(wanted),
  );
  const isAll = found.length > 0 && found.every(({ deviceName }) => chosen.has(deviceName));
  const choose = (names: string[], on: boolean) => {
    const next = new Set(chosen);
    for (const name of names) {
      if (on) next.add(name);
      else next.delete(name);
    }
    setChosen(next);
  };
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (chosen.size === 0) return setError(text.updates.chooseDevices);
    const { firmwareId } = firmware;
    const request: JobRequest = { firmwareId, devices: [...chosen], protocol, overwrite };
    setError("");
    post("jobs", request).then(onStarted, (error: Error) => setError(error.message));
  };
  const title = text.updates.startOf(`${firmware.module} ${firmware.version}`);
  return (
    <form ref={form} class="start" aria-label={title} onSubmit={submit}>
      <fieldset class="group">
        <legend>{text.updates.devices}</legend>
        {devices.length > 5 && <Search label={text.app.filter} value={words} onChange={setWords} />}
        <label class="check">
          <input
            type="checkbox"
            checked={isAll}
            onChange={(event) =>
              choose(
                found.map(({ deviceName }) => deviceName),
                event.currentTarget.checked,
              )
            }
          />
          {text.updates.allDevices}
        </label>
        <div class="checks">
          {found.slice(0, LISTED).map(({ deviceName, status, versions }) => (
            <label class="check" key={deviceName}>
              <input
                type="checkbox"
                checked={chosen.has(deviceName)}
                onChange={(event) => choose([deviceName], event.currentTarget.checked)}
              />
              <span>{deviceName}</span>
              <StatusMark status={status} />
              <span class="faint">
                {versions.find(({ module }) => module === firmware.module)?.version}
              </span>
            </label>
          ))}
        </div>
        <p class="faint" role="status">
          {text.updates.chosen(chosen.size)}
        </p>
      </fieldset>
      <div class="field">
        <label for={`${id}-protocol`}>{text.updates.protocol}</label>
        <select
          id={`${id}-protocol`}
          value={protocol}
          onChange={(event) => setProtocol(event.currentTarget.value as JobRequest["protocol"])}
        >
          <option value="https">HTTP</option>
          <option value="mqtt">MQTT</option>
        </select>
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={overwrite}
          onChange={(event) => setOverwrite(event.currentTarget.checked)}
        />
        {text.updates.overwrite}
      </label>
      {error !== "" && (
        <p class="problem" role="alert">
          {error}
        </p>
      )}
      <div class="actions">
        <button type="submit" class="primary">
          {text.updates.begin}
        </button>
        <button type="button" onClick={onClose}>
          {text.updates.close}
        </button>
      </div>
    </form>
  );
}
