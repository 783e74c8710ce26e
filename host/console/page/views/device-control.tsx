/**
 * What a device can be told: properties to set, services to call, RRPCs.
 * @module
 */
import { useId, useState } from "preact/hooks";
import type { Property, Service } from "../../../cloud/thing/tsl.ts";
import type { DeviceDetail, Reply, RrpcReply } from "../../protocol.ts";
import { devicePath, post } from "../api.ts";
import { type Answer, Command } from "../form/command.tsx";
import { draftOf, emptyDrafts, type Problems, parseDraft, parseDrafts } from "../form/draft.ts";
import { Field } from "../form/field.tsx";
import { pretty, shown } from "../format.ts";
import { text } from "../text.ts";

export function ControlSection({ detail }: { detail: DeviceDetail }) {
  const { model, device } = detail;
  const writable = model.properties.filter(({ accessMode }) => accessMode === "rw");
  const path = devicePath(device);
  return (
    <>
      {device.status !== "ONLINE" && (
        <p class="note" role="status">
          {text.control.offline}
        </p>
      )}
      <h2>{text.control.writable}</h2>
      {writable.length === 0 && <p class="empty">{text.control.noWritable}</p>}
      <div class="grid">
        {writable.map((property) => (
          <PropertyForm key={property.identifier} property={property} detail={detail} />
        ))}
      </div>
      <h2>{text.control.services}</h2>
      {model.services.length === 0 && <p class="empty">{text.control.noServices}</p>}
      <div class="grid">
        {model.services.map((service) => (
          <ServiceForm key={service.identifier} service={service} path={path} />
        ))}
      </div>
      <h2>RRPC</h2>
      <div class="grid">
        <RrpcForm path={path} />
      </div>
      <h2>{text.app.faults}</h2>
      <div class="grid">
        <CutForm path={path} />
      </div>
    </>
  );
}

function PropertyForm({ property, detail }: { property: Property; detail: DeviceDetail }) {
  const { identifier, name, dataType } = property;
  const current = detail.values[identifier];
  const [draft, setDraft] = useState(() => draftOf(current?.value, dataType));
  const [problems, setProblems] = useState<Problems>(new Map());
  const send = () => {
    const found: Problems = new Map();
    const value = parseDraft(draft, dataType, identifier, found);
    if (value === undefined && found.size === 0) found.set(identifier, "required");
    setProblems(found);
    if (found.size > 0) return undefined;
    const items = { [identifier]: value };
    return post<Reply>(`${devicePath(detail.device)}/properties`, { items }).then(answerOf);
  };
  return (
    <Command heading={undefined} label={name} button={text.control.set} send={send}>
      <Field
        label={name}
        dataType={dataType}
        draft={draft}
        path={identifier}
        problems={problems}
        onChange={setDraft}
      />
      <p class="faint">
        <code>{identifier}</code>
        {current && ` · ${text.control.current(shown(current.value, dataType))}`}
      </p>
    </Command>
  );
}

function ServiceForm({ service, path }: { service: Service; path: string }) {
  const { identifier, name, callType, inputData } = service;
  const [drafts, setDrafts] = useState(() => emptyDrafts(inputData));
  const [problems, setProblems] = useState<Problems>(new Map());
  const send = () => {
    const found: Problems = new Map();
    const input = parseDrafts(drafts, inputData, found);
    setProblems(found);
    if (found.size > 0) return undefined;
    const service = encodeURIComponent(identifier);
    return post<Reply>(`${path}/services/${service}`, { input }).then(answerOf);
  };
  const heading = (
    <div>
      <h3>{name}</h3>
      <p class="faint">
        <code>{identifier}</code> · {text.control.callTypes[callType]}
      </p>
    </div>
  );
  return (
    <Command heading={heading} label={name} button={text.control.call} send={send}>
      {inputData.length === 0 && <p class="faint">{text.control.noInput}</p>}
      {inputData.map((input) => (
        <Field
          key={input.identifier}
          label={input.name}
          dataType={input.dataType}
          draft={drafts[input.identifier] ?? ""}
          path={input.identifier}
          problems={problems}
          onChange={(draft) => setDrafts({ ...drafts, [input.identifier]: draft })}
        />
      ))}
    </Command>
  );
}

function RrpcForm({ path }: { path: string }) {
  const [payload, setPayload] = useState("{}");
  const [topic, setTopic] = useState("");
  const [seconds, setSeconds] = useState("5");
  const id = useId();
  const send = () => {
    const request = {
      payload,
      timeoutMs: Number(seconds) * 1000,
      ...(topic.trim() === "" ? {} : { topic: topic.trim() }),
    };
    return post<RrpcReply>(`${path}/rrpc`, request).then(
      ({ payload }): Answer => ({
        isGood: true,
        title: text.control.answered(200),
        detail: pretty(payload),
      }),
    );
  };
  const heading = <p class="faint">{text.control.rrpcHint}</p>;
  return (
    <Command heading={heading} label={text.control.rrpc} button={text.control.send} send={send}>
      <div class="field">
        <label for={`${id}-payload`}>{text.control.payload}</label>
        <textarea
          id={`${id}-payload`}
          rows={3}
          spellcheck={false}
          value={payload}
          onInput={(event) => setPayload(event.currentTarget.value)}
        />
      </div>
      <div class="field">
        <label for={`${id}-topic`}>{text.control.topic}</label>
        <input
          id={`${id}-topic`}
          value={topic}
          spellcheck={false}
          aria-describedby={`${id}-hint`}
          onInput={(event) => setTopic(event.currentTarget.value)}
        />
        <small class="hint" id={`${id}-hint`}>
          {text.control.topicHint}
        </small>
      </div>
      <div class="field">
        <label for={`${id}-seconds`}>{text.control.timeout}</label>
        <select
          id={`${id}-seconds`}
          value={seconds}
          onChange={(event) => setSeconds(event.currentTarget.value)}
        >
          {["1", "2", "3", "5", "8"].map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </div>
    </Command>
  );
}

function CutForm({ path }: { path: string }) {
  const heading = (
    <div>
      <span class="mark hazard">{text.faults.mark}</span>
      <h3>{text.faults.cutDevice}</h3>
      <p class="faint">{text.faults.cutDeviceHint}</p>
    </div>
  );
  const send = () =>
    post(`${path}/disconnect`).then((): Answer => ({ isGood: true, title: text.faults.wasCut }));
  return (
    <Command heading={heading} label={text.faults.cutDevice} button={text.faults.cut} send={send}>
      {undefined}
    </Command>
  );
}

function answerOf({ code, message, data }: Reply): Answer {
  const title = [text.control.answered(code), message].filter(Boolean).join(": ");
  const hasData = Object.keys(data).length > 0;
  const isGood = code === 200;
  return hasData
    ? { isGood, title, detail: JSON.stringify(data, undefined, 2) }
    : { isGood, title };
}
