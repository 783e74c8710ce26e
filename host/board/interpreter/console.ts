/**
 * The console: a line editor with prompt and echo, as people and the `espruino` tool expect it.
 * @module
 */
import type { Core } from "./core.ts";
import { type EvaluateLine, Packets } from "./packets.ts";
import type { Value } from "./realm.ts";

const enquiry = 5;
const dataLinkEscape = 16;

/** The console of one run of the interpreter. */
export class Console {
  private line = "";
  private lineHidden = true;
  private echo = true;
  private echoOffForLine = false;
  private afterReturn = false;
  private escape = "";
  private readonly packets: Packets;
  /** Where output goes: nowhere while the console is set to null. */
  silent = false;

  constructor(
    private readonly core: Core,
    private readonly evaluate: EvaluateLine,
    private readonly show: (value: Value) => string,
  ) {
    this.packets = new Packets(core, evaluate, (bytes) => this.raw(bytes));
    core.realm.define(core.realm.global, {
      echo: (_self, on) => {
        this.echo = Boolean(on);
      },
    });
  }

  /** Prints past the line being typed. */
  print(text: string): void {
    this.hideLine();
    this.raw(text.replace(/\n/g, "\r\n"));
  }

  private raw(text: string): void {
    if (!this.silent) this.core.host.output(text);
  }

  private get echoes(): boolean {
    return this.echo && !this.echoOffForLine;
  }

  private hideLine(): void {
    if (this.lineHidden) return;
    this.lineHidden = true;
    if (this.echoes) this.raw("\r\x1b[J");
  }

  /** Shows prompt and line again; called at the end of a turn. */
  restoreLine(): void {
    if (!this.lineHidden || !this.echoes) return;
    this.lineHidden = false;
    this.raw(`>${this.line.replace(/\n/g, "\r\n:")}`);
  }

  /** Takes what was typed. */
  input(bytes: string): void {
    for (let i = 0; i < bytes.length; i++) {
      if (this.packets.active) {
        i += this.packets.take(bytes.slice(i)) - 1;
        continue;
      }
      this.character(bytes.charAt(i));
    }
  }

  private character(ch: string): void {
    const code = ch.charCodeAt(0);
    const skipLineFeed = this.afterReturn && ch === "\n";
    this.afterReturn = ch === "\r";
    if (skipLineFeed) return;
    if (this.escape !== "") this.escaped(ch);
    else if (code === 27) this.escape = ch;
    else if (code === 1 && this.echoOffForLine && this.line === "") this.packets.begin();
    else if (ch === "\r" || ch === "\n") this.enter();
    else if (code === 3 || code === 1 || code === 21 || code === 23) this.clearLine();
    else if (code === enquiry && this.line === "") {
      const { board, version } = this.core.board.machine.interpreter;
      this.raw(`Espruino ${version} ${board}\r\n`);
    } else if (code === dataLinkEscape) {
      if (this.line === "") this.echoOffForLine = true;
    } else if (code === 8 || code === 127 || code === 4) {
      if (this.line === "") return;
      this.line = this.line.slice(0, -1);
      if (this.isShown) this.raw("\x08 \x08");
    } else if (code >= 32 || ch === "\t") {
      this.line += ch;
      if (this.isShown) this.raw(ch);
    }
  }

  /** Cursor keys and their like are swallowed: the line is edited at its end only. */
  private escaped(ch: string): void {
    this.escape += ch;
    const isOpen = this.escape === "\x1b[" || this.escape === "\x1bO" || /^[\d;]$/.test(ch);
    if (!isOpen) this.escape = "";
  }

  private get isShown(): boolean {
    return this.echoes && !this.lineHidden;
  }

  private clearLine(): void {
    if (this.line !== "" && this.isShown) this.raw("\r\x1b[J");
    if (this.line !== "") this.lineHidden = true;
    this.line = "";
    this.echoOffForLine = false;
  }

  private enter(): void {
    if (openBrackets(this.line)) {
      if (this.isShown) this.raw("\r\n:");
      this.line += "\n";
      return;
    }
    if (this.isShown) this.raw("\r\n");
    if (!this.echoOffForLine) this.lineHidden = true;
    const line = this.line.trimEnd();
    this.line = "";
    if (line !== "") {
      const { value, failed } = this.evaluate(line);
      if (this.echoes && !failed) this.print(`=${this.show(value)}\n`);
    }
    this.echoOffForLine = false;
  }
}

/** Whether brackets, a text or a comment are still open, so that another line must follow. */
export function openBrackets(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const ch = text.charAt(i);
    if (ch === "(" || ch === "[" || ch === "{") depth++;
    else if (ch === ")" || ch === "]" || ch === "}") depth--;
    else if (ch === '"' || ch === "'" || ch === "`") {
      const start = i;
      for (i++; i < text.length && text.charAt(i) !== ch; i++) if (text.charAt(i) === "\\") i++;
      if (i >= text.length) return ch === "`" || text.charAt(start) === "`";
    } else if (text.startsWith("//", i)) {
      const end = text.indexOf("\n", i);
      if (end < 0) break;
      i = end;
    } else if (text.startsWith("/*", i)) {
      const end = text.indexOf("*/", i);
      if (end < 0) return true;
      i = end + 1;
    }
  }
  return depth > 0;
}
