/**
 * The form of a board's settings: what is typed is checked, kept by the board, and never shown again
 * where it is a secret.
 * @module
 */
import { useRef, useState } from "preact/hooks";
import { type Answer, Command } from "../form/command.tsx";
import { text } from "../text.ts";
import { draftOf, type SettingsDraft } from "./draft.ts";
import { faultLines, faultWords } from "./faults.ts";
import {
  choicesOf,
  type FieldName,
  isOptionalSecret,
  pathOf,
  SECTIONS,
  type Section,
  schemaOf,
  valueAt,
} from "./fields.ts";
import { NetworkList } from "./network-list.tsx";
import { type Session, save, settings } from "./session.ts";
import { SettingCheck, SettingChoice, SettingInput } from "./setting-field.tsx";

interface PartProps {
  session: Session;
  draft: SettingsDraft;
  faults: Map<string, string>;
  onChange(draft: SettingsDraft): void;
}

export function SettingsForm({ session }: { session: Session }) {
  const words = text.bluetooth;
  const { link, schema } = session.target;
  const [draft, setDraft] = useState(() => draftOf(schema, settings.value));
  const [faults, setFaults] = useState(new Map<string, string>());
  const form = useRef<HTMLDivElement>(null);

  const send = async (): Promise<Answer> => {
    setFaults(new Map());
    const saved = await save(session, draft);
    if (saved === "unchanged") return { isGood: true, title: words.unchanged };
    if (saved === "restarting") return { isGood: true, title: words.saved };
    setFaults(faultWords(saved.faults));
    requestAnimationFrame(() => {
      form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
    });
    return { isGood: false, title: words.refused, detail: faultLines(saved.faults) };
  };

  const part = { session, draft, faults, onChange: setDraft };
  return (
    <div ref={form}>
      <Command heading={<Heading />} label={words.settings} button={words.save} send={send}>
        <div class="columns">
          {(link === undefined || link === "wifi") && (
            <NetworkList
              draft={draft}
              shown={settings.value}
              faults={faults}
              most={schema.properties?.wifi?.maxItems ?? 1}
              onChange={(networks) => setDraft({ ...draft, networks })}
            />
          )}
          {(link === undefined || link === "modem") && <Fields {...part} section="cellular" />}
          <Fields {...part} section="platform" />
        </div>
        <Fields {...part} section="connection" isWide />
      </Command>
    </div>
  );
}

function Heading() {
  const words = text.bluetooth;
  return (
    <>
      <h2>{words.settings}</h2>
      <p class="faint">{settings.value ? words.change : words.first}</p>
    </>
  );
}

function Fields({ section, isWide, ...rest }: PartProps & { section: Section; isWide?: boolean }) {
  return (
    <fieldset class={isWide ? "group wide" : "group"}>
      <legend>{text.bluetooth.sections[section]}</legend>
      {SECTIONS[section].map((name) => (
        <SettingField key={name} name={name} {...rest} />
      ))}
    </fieldset>
  );
}

function SettingField({ name, session, draft, faults, onChange }: PartProps & { name: FieldName }) {
  const words = text.bluetooth;
  const { schema } = session.target;
  const at = schemaOf(schema, name);
  const common = {
    label: words.fields[name],
    fault: faults.get(name),
    value: draft.texts[name],
    onChange: (value: string) => onChange({ ...draft, texts: { ...draft.texts, [name]: value } }),
  };
  const choices = choicesOf(at);
  if (choices) {
    const wordsOf = (value: string) =>
      words.fieldChoices[name]?.[value] ?? words.choices[value] ?? value;
    return (
      <SettingChoice
        {...common}
        hint={words.hints[name]}
        standard={words.standard(at.default === undefined ? "" : wordsOf(String(at.default)))}
        choices={choices.map((value) => [value, wordsOf(value)] as const)}
      />
    );
  }
  const isSecret = at.writeOnly === true;
  const isSet = valueAt(settings.value, pathOf(name)) !== undefined;
  const isRemoved = draft.removed.includes(name);
  const standard = at.default === undefined ? "" : words.standard(String(at.default));
  const kept = isSecret && isSet && !isRemoved ? words.kept : "";
  return (
    <>
      <SettingInput
        {...common}
        hint={[words.hints[name], standard, kept].filter(Boolean).join(" ")}
        isSecret={isSecret}
        isNumber={at.type === "integer"}
        isOff={isRemoved}
      />
      {isSet && isOptionalSecret(schema, name) && (
        <SettingCheck
          label={words.takeAway}
          isChecked={isRemoved}
          onChange={(isGone) => {
            const others = draft.removed.filter((other) => other !== name);
            onChange({ ...draft, removed: isGone ? [...others, name] : others });
          }}
        />
      )}
    </>
  );
}
