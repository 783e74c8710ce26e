/**
 * Registration with the network, from what the modem reports by itself and what it answers
 * (27.007, 7.2, 10.1.20, 10.1.22): both begin alike. EPS counts first, then GPRS.
 * @module
 */

const HOME = 1;
export const DENIED = 3;
const ROAMING = 5;

/** Whether a line is an answer, `<n>,<stat>`, not a report, `<stat>[,"tac",…]`. */
export function isAnswer(line: string): boolean {
  const comma = line.indexOf(",");
  if (comma < 0) return false;
  const code = line
    .substr(comma + 1)
    .trim()
    .charCodeAt(0);
  return code >= 48 && code <= 57;
}

export class Registration {
  /** As in the specification; 0: not searching. */
  stat = 0;
  /** Tracking area and cell, or empty. */
  cell = "";
  roaming = false;
  private eps = 0;
  private gprs = 0;

  /** Takes a line of `+CEREG` or `+CGREG`. */
  hear(line: string): void {
    const fields = line.substr(line.indexOf(":") + 1).split(",");
    if (isAnswer(line)) fields.shift();
    const stat = parseInt(fields[0].trim(), 10);
    if (!(stat >= 0)) return;
    if (line.charAt(2) === "E") this.eps = stat;
    else this.gprs = stat;
    this.stat = this.gprs === HOME || this.gprs === ROAMING ? this.gprs : this.eps;
    if (this.eps === HOME || this.eps === ROAMING) this.stat = this.eps;
    if (fields.length > 2) this.cell = (fields[1] + "," + fields[2]).replace(/"/g, "");
  }

  /** Whether there is a network that may be used. */
  get ok(): boolean {
    return this.stat === HOME || (this.stat === ROAMING && this.roaming);
  }

  /** There is one, but the settings don't allow it. */
  get abroad(): boolean {
    return this.stat === ROAMING && !this.roaming;
  }

  reset(): void {
    this.stat = this.eps = this.gprs = 0;
  }
}
