/**
 * Shows what passes between host and module, a line at a time, without secrets.
 * @module
 */

/** Makes of bytes lines with a direction and visible control characters. */
export class TraceLines {
  private readonly parts = { ">": "", "<": "" };

  constructor(private readonly show: (line: string) => void) {}

  take(direction: ">" | "<", bytes: string): void {
    const text = this.parts[direction] + bytes;
    const end = text.lastIndexOf(direction === ">" ? "\r" : "\n") + 1;
    // A payload has no end of line of its own; it is shown when it is long, or the answer comes.
    this.parts[direction] = end === 0 && text.length > 200 ? "" : text.slice(end);
    if (direction === "<") this.flush(">");
    if (end > 0) this.print(direction, text.slice(0, end));
    else if (this.parts[direction] === "") this.print(direction, text);
  }

  private flush(direction: ">" | "<"): void {
    const rest = this.parts[direction];
    this.parts[direction] = "";
    if (rest !== "") this.print(direction, rest);
  }

  private print(direction: ">" | "<", bytes: string): void {
    for (const line of bytes.split(/[\r\n]+/)) {
      if (line !== "") this.show(`${direction} ${withoutSecrets(visible(line))}`);
    }
  }
}

const LONGEST = 200;

/** Data is not shown, only how much of it. */
function visible(line: string): string {
  const isText = /^[ -~]*$/.test(line);
  return isText && line.length <= LONGEST ? line : `(${line.length} bytes)`;
}

/** PINs, passwords, and what follows a URL's path. */
function withoutSecrets(line: string): string {
  return line
    .replace(/(\+CPIN=).*/i, "$1***")
    .replace(/(\+QICSGP=\d+,\d+,"[^"]*","[^"]*",)"[^"]*"/i, '$1"***"')
    .replace(/\?[^" ]*(?=")/, "?***")
    .replace(/(https?:\/\/[^?\s"]*)\?[^\s"]*/gi, "$1?***")
    .replace(/"(password|deviceSecret|productSecret)":"[^"]*"/g, '"$1":"***"');
}
