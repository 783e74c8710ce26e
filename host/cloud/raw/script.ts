/**
 * A product's parse script: JavaScript that turns a device's raw data into Alink JSON,
 * `rawDataToProtocol(bytes)`, and Alink JSON into raw data, `protocolToRawData(json)`
 * (help.aliyun.com/document_detail/68702.html). Each run has a context of its own, so nothing is
 * kept from one message to the next.
 * @module
 */
import { createContext, Script } from "node:vm";
import { PARSE_SCRIPT_MAX_BYTES, PARSE_SCRIPT_MS } from "../defaults.ts";
import { ConfigurationError } from "../errors.ts";
import { isObject } from "../thing/alink.ts";
import { Code } from "../thing/codes.ts";

/** A run that failed, with Alibaba's code. */
export class ScriptError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = "ScriptError";
    this.code = code;
  }
}

export class ParseScript {
  readonly source: string;
  readonly #script: Script;

  /**
   * @param where names the script in messages, e.g. a file.
   * @throws ConfigurationError when it is empty, too long or no JavaScript.
   */
  constructor(source: string, where: string) {
    const bytes = Buffer.byteLength(source);
    if (source.trim() === "") throw new ConfigurationError(`parse script ${where} is empty`);
    if (bytes > PARSE_SCRIPT_MAX_BYTES) {
      const text = `has ${bytes} bytes, at most ${PARSE_SCRIPT_MAX_BYTES} are allowed`;
      throw new ConfigurationError(`parse script ${where} ${text}`);
    }
    this.source = source;
    try {
      this.#script = new Script(source, { filename: where });
    } catch (error) {
      const text = (error as Error).message;
      throw new ConfigurationError(`parse script ${where} is no JavaScript: ${text}`);
    }
  }

  /** The Alink message that raw data stand for. @throws ScriptError */
  toProtocol(bytes: Buffer): Record<string, unknown> {
    const result = this.#run("rawDataToProtocol", JSON.stringify([...bytes]));
    if (isObject(result)) return result;
    throw new ScriptError(Code.scriptResult, "rawDataToProtocol has to return an Alink object");
  }

  /** The raw data for an Alink message; none: nothing is to be sent. @throws ScriptError */
  toRaw(message: Record<string, unknown>): Buffer {
    const result = this.#run("protocolToRawData", JSON.stringify(message));
    if (Array.isArray(result) && result.every(isByte)) return Buffer.from(result as number[]);
    const text = "protocolToRawData has to return a list of bytes, each from -128 to 255";
    throw new ScriptError(Code.scriptResult, text);
  }

  /** What a function of the script returns; JSON both ways, so that no object of ours goes in. */
  #run(name: string, argument: string): unknown {
    const context = createContext({}, { microtaskMode: "afterEvaluate" });
    const limits = { timeout: PARSE_SCRIPT_MS };
    try {
      this.#script.runInContext(context, limits);
      if (new Script(`typeof ${name}`).runInContext(context, limits) !== "function") {
        throw new ScriptError(Code.scriptFunction, `the parse script has no function ${name}`);
      }
      const list = "ArrayBuffer.isView(result) ? Array.from(result) : result";
      const call = `{ const result = ${name}(${argument}); JSON.stringify(${list}) }`;
      const text: unknown = new Script(call, { filename: name }).runInContext(context, limits);
      return typeof text === "string" ? JSON.parse(text) : undefined;
    } catch (error) {
      if (error instanceof ScriptError) throw error;
      // What the script throws is of its own context, and may be anything.
      const reason = (error as { message?: unknown } | null)?.message ?? error;
      throw new ScriptError(Code.scriptFailed, `${name} failed: ${String(reason)}`);
    }
  }
}

function isByte(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= -128 && (value as number) <= 255;
}
