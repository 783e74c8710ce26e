/**
 * One AT command, taken apart.
 * @module
 */

/** `ATI` and `AT+X` run; `AT+X?` reads; `AT+X=?` tests; `AT+X=…` sets. */
export type CallForm = "run" | "read" | "test" | "set";

export class Call {
  readonly args: string[];

  constructor(
    /** In capitals, without AT: `+QIOPEN`, `E`, `&F`. */
    readonly name: string,
    readonly form: CallForm,
    /** What follows `=`, or the digits of a basic command. */
    readonly parameters: string,
  ) {
    this.args = parameters === "" ? [] : splitParameters(parameters);
  }

  get count(): number {
    return this.args.length;
  }

  has(place: number): boolean {
    return (this.args[place] ?? "") !== "";
  }

  isQuoted(place: number): boolean {
    return this.args[place]?.startsWith('"') ?? false;
  }

  /** A text, without its quotes; "" when it is not there. */
  text(place: number): string {
    return unquote(this.args[place] ?? "");
  }

  /** A whole number within bounds; undefined when it is none, `missing` when it is not there. */
  number(place: number, low: number, high: number, missing?: number): number | undefined {
    const given = this.args[place];
    if (given === undefined || given === "") return missing;
    if (!/^\d{1,10}$/.test(given)) return undefined;
    const value = Number(given);
    return value >= low && value <= high ? value : undefined;
  }

  toString(): string {
    if (this.form === "read") return `AT${this.name}?`;
    if (this.form === "test") return `AT${this.name}=?`;
    const sign = this.form === "set" ? "=" : "";
    return `AT${this.name}${sign}${this.parameters}`;
  }
}

/** Splits at commas outside of quotes, and trims spaces. */
export function splitParameters(text: string): string[] {
  const parts: string[] = [];
  let part = "";
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (character === "," && !quoted) {
      parts.push(part.trim());
      part = "";
    } else {
      part += character;
    }
  }
  parts.push(part.trim());
  return parts;
}

function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
