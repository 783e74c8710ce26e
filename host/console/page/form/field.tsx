/**
 * Fields for the types of the thing model.
 * @module
 */
import { useId } from "preact/hooks";
import type { DataType, Parameter } from "../../../cloud/thing/tsl.ts";
import { complaintWords } from "../problems.ts";
import { text } from "../text.ts";
import { type Draft, emptyDraft, type Problem, type Problems } from "./draft.ts";

interface FieldProps {
  /** What it is called, e.g. its name in the thing model. */
  label: string;
  dataType: DataType;
  draft: Draft;
  path: string;
  problems: Problems;
  onChange(draft: Draft): void;
}

export function Field(props: FieldProps) {
  const { dataType } = props;
  if (dataType.type === "struct") return <StructField {...props} members={dataType.specs} />;
  if (dataType.type === "array") return <ArrayField {...props} specs={dataType.specs} />;
  return <ScalarField {...props} />;
}

function ScalarField({ label, dataType, draft, path, problems, onChange }: FieldProps) {
  const id = useId();
  const problem = problems.get(path);
  const hint = hintOf(dataType);
  const described = [hint === "" ? "" : `${id}-hint`, problem ? `${id}-problem` : ""]
    .filter(Boolean)
    .join(" ");
  const common = {
    id,
    value: draft as string,
    "aria-invalid": problem !== undefined,
    ...(described === "" ? {} : { "aria-describedby": described }),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {dataType.type === "bool" || dataType.type === "enum" ? (
        <select {...common} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">{text.control.choose}</option>
          {Object.entries(dataType.specs).map(([value, name]) => (
            <option key={value} value={value}>
              {name} ({value})
            </option>
          ))}
        </select>
      ) : (
        <input
          {...common}
          {...inputOf(dataType)}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
      {hint !== "" && (
        <small id={`${id}-hint`} class="hint">
          {hint}
        </small>
      )}
      {problem && (
        <small id={`${id}-problem`} class="problem">
          {wordsOf(problem)}
        </small>
      )}
    </div>
  );
}

/** Numbers are typed as text, so that what is wrong can be said rather than be swallowed. */
function inputOf(dataType: DataType) {
  if (dataType.type === "date") return { type: "datetime-local", step: 1 } as const;
  const mode = dataType.type === "text" ? {} : ({ inputMode: "decimal" } as const);
  return { type: "text", autoComplete: "off", spellcheck: false, ...mode } as const;
}

type StructProps = FieldProps & { members: Parameter[] };

function StructField({ label, draft, path, problems, onChange, members }: StructProps) {
  const drafts = draft as { [member: string]: Draft };
  return (
    <fieldset class="group">
      <legend>{label}</legend>
      {members.map(({ identifier, name, dataType }) => (
        <Field
          key={identifier}
          label={name}
          dataType={dataType}
          draft={drafts[identifier] ?? emptyDraft(dataType)}
          path={path === "" ? identifier : `${path}.${identifier}`}
          problems={problems}
          onChange={(changed) => onChange({ ...drafts, [identifier]: changed })}
        />
      ))}
    </fieldset>
  );
}

type ArrayProps = FieldProps & { specs: { size: string; item: DataType } };

function ArrayField({ label, draft, path, problems, onChange, specs }: ArrayProps) {
  const elements = draft as Draft[];
  const problem = problems.get(path);
  return (
    <fieldset class="group">
      <legend>{label}</legend>
      {elements.map((element, index) => (
        <div class="element" key={index}>
          <Field
            label={text.control.element(index + 1)}
            dataType={specs.item}
            draft={element}
            path={`${path}.${index}`}
            problems={problems}
            onChange={(changed) => onChange(elements.with(index, changed))}
          />
          <button
            type="button"
            class="quiet"
            aria-label={`${text.control.remove}: ${label} ${index + 1}`}
            onClick={() => onChange(elements.toSpliced(index, 1))}
          >
            ✕
          </button>
        </div>
      ))}
      {problem && <small class="problem">{wordsOf(problem)}</small>}
      <button
        type="button"
        disabled={elements.length >= Number(specs.size)}
        onClick={() => onChange([...elements, emptyDraft(specs.item)])}
      >
        {text.control.add}
      </button>
    </fieldset>
  );
}

function hintOf(dataType: DataType): string {
  switch (dataType.type) {
    case "int":
    case "float":
    case "double": {
      const { min, max, unit } = dataType.specs;
      return text.control.range(min, max, unit);
    }
    case "text":
      return dataType.specs.length === undefined ? "" : text.control.length(dataType.specs.length);
    default:
      return "";
  }
}

function wordsOf(problem: Problem): string {
  if (typeof problem === "object") return complaintWords(problem);
  return problem === "required" ? text.control.required : text.control.wrong[problem];
}
