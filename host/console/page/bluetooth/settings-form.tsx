/**
 * The form of a board's settings: what is typed is checked, kept by the board, and never shown again
 * where it is a secret.
 * @module
 */
import { useId, useRef, useState } from "preact/hooks";
import { type Answer, Command } from "../form/command.tsx";
import { text } from "../text.ts";
import { CLOUD_FIELDS, draftOf, FIELDS, type FieldName, isSet, WIFI_FIELDS } from "./fields.ts";
import { type Session, save, settings } from "./session.ts";

export function SettingsForm({ session }: { session: Session }) {
  const words = text.bluetooth;
  const [draft, setDraft] = useState(() => draftOf(settings.value));
  const [faults, setFaults] = useState(new Map<string, string>());
  const form = useRef<HTMLDivElement>(null);
  const hasWifi = session.target.link === undefined || session.target.link === "wifi";

  const send = async (): Promise<Answer> => {
    setFaults(new Map());
    const saved = await save(session, draft);
    if (saved === "unchanged") return { isGood: true, title: words.unchanged };
    if (saved === "restarting") return { isGood: true, title: words.saved };
    setFaults(new Map(saved.faults.map(({ field, text }) => [field, text])));
    requestAnimationFrame(() => {
      form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
    });
    const detail = saved.faults.map(({ field, text }) => `${field} ${text}`.trim()).join("\n");
    return { isGood: false, title: words.refused, detail };
  };

  const fields = (names: FieldName[]) =>
    names.map((name) => (
      <SettingField
        key={name}
        name={name}
        value={draft.texts[name]}
        // A network that is missing altogether is named as such.
        fault={faults.get(name) ?? (name === "wifi[0].ssid" ? faults.get("wifi") : undefined)}
        isOff={name === "wifi[0].password" && draft.isOpenNetwork}
        onChange={(value) => setDraft({ ...draft, texts: { ...draft.texts, [name]: value } })}
      />
    ));
  return (
    <div ref={form}>
      <Command heading={<Heading />} label={words.settings} button={words.save} send={send}>
        <div class="columns">
          {hasWifi && (
            <fieldset class="group">
              <legend>{words.wifi}</legend>
              {fields(WIFI_FIELDS)}
              <label class="check">
                <input
                  type="checkbox"
                  checked={draft.isOpenNetwork}
                  onChange={({ currentTarget }) =>
                    setDraft({ ...draft, isOpenNetwork: currentTarget.checked })
                  }
                />
                {words.openNetwork}
              </label>
            </fieldset>
          )}
          <fieldset class="group">
            <legend>{words.platform}</legend>
            {fields(CLOUD_FIELDS)}
          </fieldset>
        </div>
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

interface SettingFieldProps {
  name: FieldName;
  value: string;
  fault: string | undefined;
  isOff: boolean;
  onChange(value: string): void;
}

const SECRET = { type: "password", autoComplete: "new-password" } as const;
const PLAIN = { type: "text", autoComplete: "off" } as const;

function SettingField({ name, value, fault, isOff, onChange }: SettingFieldProps) {
  const words = text.bluetooth;
  const id = useId();
  const { isSecret } = FIELDS[name];
  const kept = isSecret && isSet(settings.value, name) ? words.kept : "";
  const hint = [words.hints[name], kept].filter(Boolean).join(" ");
  const described = [hint && `${id}-hint`, fault && `${id}-problem`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{words.fields[name]}</label>
      <input
        id={id}
        {...(isSecret ? SECRET : PLAIN)}
        autoCapitalize="off"
        spellcheck={false}
        value={value}
        disabled={isOff}
        aria-invalid={fault !== undefined}
        {...(described === "" ? {} : { "aria-describedby": described })}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {hint !== "" && (
        <small id={`${id}-hint`} class="hint">
          {hint}
        </small>
      )}
      {fault !== undefined && (
        <small id={`${id}-problem`} class="problem">
          {fault}
        </small>
      )}
    </div>
  );
}
