/**
 * Reads the bodies of the page's requests.
 * @module
 */
import type { Context } from "hono";
import type { Problem } from "../../cloud/problems.ts";
import { isObject } from "../../cloud/thing/alink.ts";

/** A request that can't be understood; answered with 400. */
export class BadRequest extends Error {
  constructor(
    message: string,
    readonly problem?: Problem,
  ) {
    super(message);
  }
}

/** The members of a JSON body. @throws BadRequest. */
export class Body {
  readonly #members: Record<string, unknown>;

  private constructor(members: Record<string, unknown>) {
    this.#members = members;
  }

  static async read(context: Context): Promise<Body> {
    const json: unknown = await context.req.json().catch(() => undefined);
    if (!isObject(json)) throw new BadRequest("the body has to be a JSON object");
    return new Body(json);
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw new BadRequest(`${name} has to be a text`);
    return value;
  }

  optionalText(name: string): string | undefined {
    const value = this.#members[name];
    if (value === undefined || typeof value === "string") return value;
    throw new BadRequest(`${name} has to be a text`);
  }

  number(name: string): number {
    const value = this.#members[name];
    if (typeof value !== "number") throw new BadRequest(`${name} has to be a number`);
    return value;
  }

  object(name: string): Record<string, unknown> {
    const value = this.#members[name];
    if (!isObject(value)) throw new BadRequest(`${name} has to be an object`);
    return value;
  }

  texts(name: string): string[] {
    const value = this.#members[name];
    const isList = Array.isArray(value) && value.every((item) => typeof item === "string");
    if (!isList) throw new BadRequest(`${name} has to be a list of texts`);
    return value as string[];
  }

  flag(name: string): boolean {
    return this.#members[name] === true;
  }

  /** @throws BadRequest that names the choices. */
  choice<T extends string>(name: string, choices: readonly T[]): T {
    return oneOf(name, this.text(name), choices);
  }
}

/** @throws BadRequest that names the choices. */
export function oneOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  if ((choices as readonly string[]).includes(value)) return value as T;
  throw new BadRequest(`${name} is "${value}", but has to be one of ${choices.join(", ")}`);
}
