/**
 * What lists are filtered with.
 * @module
 */
import { useId } from "preact/hooks";

interface SearchProps {
  label: string;
  value: string;
  onChange(value: string): void;
}

export function Search({ label, value, onChange }: SearchProps) {
  return (
    <input
      type="search"
      class="search"
      placeholder={label}
      aria-label={label}
      value={value}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  /** Value and words of each. */
  choices: readonly (readonly [T, string])[];
  onChange(value: T): void;
}

export function Choice<T extends string>({ label, value, choices, onChange }: ChoiceProps<T>) {
  const id = useId();
  return (
    <span class="choice">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {choices.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </span>
  );
}
