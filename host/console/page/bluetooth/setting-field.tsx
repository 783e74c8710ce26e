/**
 * One setting of a board: typed, chosen, or a secret that goes in and never comes out.
 * @module
 */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface LabelledProps {
  label: string;
  hint?: string | undefined;
  /** What is wrong with it. */
  fault?: string | undefined;
}

interface InputProps extends LabelledProps {
  value: string;
  isSecret?: boolean;
  isNumber?: boolean;
  isOff?: boolean;
  onChange(value: string): void;
}

const SECRET = { type: "password", autoComplete: "new-password" } as const;
const PLAIN = { type: "text", autoComplete: "off" } as const;

export function SettingInput({ value, isSecret, isNumber, isOff, onChange, ...rest }: InputProps) {
  return (
    <Labelled {...rest}>
      {(common) => (
        <input
          {...common}
          {...(isSecret ? SECRET : PLAIN)}
          {...(isNumber ? ({ inputMode: "numeric" } as const) : {})}
          autoCapitalize="off"
          spellcheck={false}
          value={value}
          disabled={isOff ?? false}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Labelled>
  );
}

interface ChoiceProps extends LabelledProps {
  value: string;
  /** What nothing chosen means. */
  standard: string;
  choices: (readonly [value: string, words: string])[];
  onChange(value: string): void;
}

export function SettingChoice({ value, standard, choices, onChange, ...rest }: ChoiceProps) {
  return (
    <Labelled {...rest}>
      {(common) => (
        <select {...common} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">{standard}</option>
          {choices.map(([choice, words]) => (
            <option key={choice} value={choice}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

interface CheckProps {
  label: string;
  isChecked: boolean;
  onChange(isChecked: boolean): void;
}

export function SettingCheck({ label, isChecked, onChange }: CheckProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={isChecked}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      {label}
    </label>
  );
}

/** What an input needs to belong to its label, hint and fault. */
interface Common {
  id: string;
  "aria-invalid": boolean;
  "aria-describedby"?: string;
}

type LabelledFieldProps = LabelledProps & { children: (common: Common) => ComponentChildren };

function Labelled({ label, hint = "", fault, children }: LabelledFieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, fault && `${id}-problem`].filter(Boolean).join(" ");
  const common: Common = { id, "aria-invalid": fault !== undefined };
  if (described !== "") common["aria-describedby"] = described;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(common)}
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
