/**
 * Runs command lines: one at a time, one result for a line, payloads in between.
 * @module
 */
import { Call } from "./call.ts";
import { cmeText } from "./cme.ts";
import { readCommandLine } from "./command-line.ts";
import type { AnswerPhase, CommandFate } from "./hooks.ts";
import type { Kernel } from "./kernel.ts";
import type { LineInput, Payload } from "./line-input.ts";
import type { Profile } from "./nvram.ts";

/** A command that runs: it ends with exactly one of `ok`, `error`, `cme`, `result`, `silent`. */
export interface Job {
  readonly call: Call;
  /** An information line. */
  line(text: string): void;
  /** Bytes as they are. */
  raw(bytes: string): void;
  /** `then` runs when the answer has left. */
  ok(then?: () => void): void;
  error(): void;
  cme(code: number, then?: () => void): void;
  /** Any other final result. */
  result(text: string, then?: () => void): void;
  /** Ends without a result. */
  silent(then?: () => void): void;
  /** Sends a prompt and waits for a payload; the job goes on in the payload's events. */
  ask(prompt: string, payload: Payload): void;
}

export type Handler<System> = (call: Call, job: Job, system: System) => void;

const resultCodes: Record<string, number> = {
  OK: 0,
  CONNECT: 1,
  "NO CARRIER": 3,
  ERROR: 4,
};

export interface ExecutorParts {
  kernel: Kernel;
  profile: Profile;
  input: () => LineInput;
  write: (bytes: string) => void;
  find: (name: string) => ((call: Call, job: Job) => void) | undefined;
}

export class Executor {
  isBusy = false;
  /** Hangs: takes no more bytes. */
  isHung = false;
  /** An answer or a payload is under way, in which no line may come. */
  private isSealed = false;
  private readonly held: string[] = [];
  private queue: Call[] = [];
  private out = "";
  private thens: (() => void)[] = [];
  private isMute = false;

  constructor(private readonly parts: ExecutorParts) {}

  execute(line: string): void {
    const { hooks } = this.parts.kernel;
    let calls = readCommandLine(line);
    if (calls === undefined) return;
    const fate: CommandFate | undefined = hooks.command.ask(line, calls === "bad" ? [] : calls);
    if (fate === "lost") return;
    this.isBusy = true;
    this.isMute = fate === "unanswered";
    if (typeof fate === "object" && "line" in fate) calls = readCommandLine(fate.line) ?? "bad";
    const run = () => this.start(calls === "bad" ? undefined : (calls as Call[]));
    if (typeof fate === "object" && "delay" in fate) this.parts.kernel.after(fate.delay, run);
    else run();
  }

  /** Sends a line nobody asked for: now, or when the answer under way has left. */
  urc(text: string, data: string): void {
    const bytes = `${this.framed(text)}${data}`;
    if (this.isSealed) this.held.push(bytes);
    else this.parts.write(bytes);
  }

  /** Lines that wait for the answer under way. */
  takeHeld(): string {
    return this.held.splice(0).join("");
  }

  private start(calls: Call[] | undefined): void {
    this.out = "";
    this.thens = [];
    this.queue = calls ?? [];
    if (calls) this.next();
    else this.unknown();
  }

  private next(): void {
    const call = this.queue.shift();
    if (!call) {
      this.finish("OK", noCall, "final");
      return;
    }
    const handle = this.parts.find(call.name);
    if (handle) handle(call, this.jobFor(call));
    else this.unknown(call);
  }

  private unknown(call = noCall): void {
    const { unknownError } = this.parts.kernel.family;
    this.finish(unknownError === undefined ? "ERROR" : this.cme(unknownError), call, "final");
  }

  private jobFor(call: Call): Job {
    let phase: AnswerPhase = "final";
    const then = (follow?: () => void) => {
      if (follow) this.thens.push(follow);
    };
    const last = (text: string, follow?: () => void) => {
      then(follow);
      this.finish(text, call, phase);
    };
    return {
      call,
      line: (text) => {
        this.out += this.framed(text);
      },
      raw: (bytes) => {
        this.out += bytes;
      },
      ok: (follow) => {
        then(follow);
        if (this.queue.length > 0) this.next();
        else this.finish("OK", call, phase);
      },
      error: () => last("ERROR"),
      cme: (code, follow) => last(this.cme(code), follow),
      result: last,
      silent: (follow) => last("", follow),
      ask: (prompt, payload) => {
        phase = "payload";
        this.prompt(prompt, payload, call);
      },
    };
  }

  private prompt(text: string, payload: Payload, call: Call): void {
    const bytes = this.out + text;
    this.out = "";
    this.send(bytes, call, "prompt", () => {
      this.isSealed = true;
      this.expect(payload, call);
    });
  }

  private expect(payload: Payload, call: Call): void {
    const { hooks } = this.parts.kernel;
    this.parts.input().expect({
      ...payload,
      onDone: (taken) => {
        const bytes = hooks.payload.ask(taken, call) ?? taken;
        const missing = taken.length - bytes.length;
        if (missing <= 0) {
          payload.onDone(bytes);
          return;
        }
        // Bytes were lost on the way: others are taken in their place.
        this.parts.input().expect({
          ...payload,
          count: missing,
          onDone: (more) => payload.onDone(bytes + more),
          onEnd: (more, cause) => payload.onEnd(bytes + more, cause),
        });
      },
    });
  }

  private finish(result: string, call: Call, phase: AnswerPhase): void {
    this.queue = [];
    const { verbose, quiet } = this.parts.profile;
    let end = "";
    if (result !== "" && !quiet) {
      const code = resultCodes[result];
      end = verbose || code === undefined ? this.framed(result) : `${code}\r`;
    }
    const bytes = this.out + end;
    this.out = "";
    const thens = this.thens;
    this.thens = [];
    this.send(this.isMute ? "" : bytes, call, phase, () => {
      this.isBusy = false;
      this.isMute = false;
      this.parts.write(this.takeHeld());
      for (const then of thens) then();
      this.parts.input().pump();
    });
  }

  private send(bytes: string, call: Call, phase: AnswerPhase, then: () => void): void {
    const { kernel } = this.parts;
    const answer = bytes === "" ? undefined : kernel.hooks.answer.ask(bytes, call, phase);
    const delay = answer?.delay ?? 0;
    this.isSealed = delay === 0;
    kernel.after(kernel.timing.answer + delay, () => {
      this.isSealed = false;
      this.parts.write(answer?.bytes ?? bytes);
      then();
    });
  }

  private cme(code: number): string {
    const { hooks } = this.parts.kernel;
    const form = hooks.value.ask("cme");
    const errors = form === "text" ? 2 : form === "number" ? 1 : this.parts.profile.errors;
    if (errors === 0) return "ERROR";
    const space = form === "no space" ? "" : " ";
    return `+CME ERROR:${space}${errors === 2 ? cmeText(code) : code}`;
  }

  private framed(text: string): string {
    return this.parts.profile.verbose ? `\r\n${text}\r\n` : `${text}\r\n`;
  }
}

/** Stands for a line without a command. */
const noCall = new Call("", "run", "");
