/**
 * The JavaScript that Espruino has, in place of TypeScript's own libraries: what is missing here is
 * missing on the board, so a program that uses it does not compile. Differences in behaviour that
 * types can't express are the dialect guard's business (`host/build/guard`).
 */

declare const NaN: number;
declare const Infinity: number;
declare var globalThis: typeof globalThis;

declare function eval(code: string): any;
declare function parseInt(text: string, radix?: number): number;
declare function parseFloat(text: string): number;
declare function isNaN(value: number): boolean;
declare function isFinite(value: number): boolean;
/** Base64 of a byte string. */
declare function btoa(bytes: string): string;
declare function atob(base64: string): string;

/** Timer ids are numbers from 1. */
declare function setTimeout(
  callback: (...args: any[]) => void,
  ms?: number,
  ...args: any[]
): number;
declare function setInterval(
  callback: (...args: any[]) => void,
  ms: number,
  ...args: any[]
): number;
/** `id` is required: without it the interpreter clears every timer; `undefined` makes it throw. */
declare function clearTimeout(id: number): void;
declare function clearInterval(id: number): void;
declare function changeInterval(id: number, ms: number): void;

interface Object {
  hasOwnProperty(key: string): boolean;
  toString(): string;
}
interface ObjectConstructor {
  new (): Object;
  (value: any): any;
  readonly prototype: Object;
  assign<T, U>(target: T, source: U): T & U;
  assign(target: any, ...sources: any[]): any;
  create(proto: object | null): any;
  keys(value: object): string[];
  values<T>(value: { [key: string]: T }): T[];
  entries<T>(value: { [key: string]: T }): [string, T][];
  getPrototypeOf(value: any): any;
  setPrototypeOf<T>(value: T, proto: object | null): T;
  defineProperty<T>(target: T, key: string, descriptor: PropertyDescriptor): T;
}
declare const Object: ObjectConstructor;
interface PropertyDescriptor {
  configurable?: boolean;
  enumerable?: boolean;
  value?: any;
  writable?: boolean;
  get?(): any;
  set?(value: any): void;
}

interface Function {
  apply(thisArg: any, args?: any): any;
  call(thisArg: any, ...args: any[]): any;
  bind(thisArg: any, ...args: any[]): any;
  readonly length: number;
  prototype: any;
}
interface FunctionConstructor {
  new (...args: string[]): Function;
  (...args: string[]): Function;
  readonly prototype: Function;
}
declare const Function: FunctionConstructor;
interface CallableFunction extends Function {}
interface NewableFunction extends Function {}
interface IArguments {
  [index: number]: any;
  length: number;
}

interface Boolean {}
interface BooleanConstructor {
  (value?: any): boolean;
}
declare const Boolean: BooleanConstructor;

interface Number {
  toString(radix?: number): string;
  toFixed(digits?: number): string;
}
interface NumberConstructor {
  (value?: any): number;
  readonly MAX_VALUE: number;
}
declare const Number: NumberConstructor;

interface Math {
  readonly PI: number;
  readonly E: number;
  abs(x: number): number;
  acos(x: number): number;
  asin(x: number): number;
  atan(x: number): number;
  atan2(y: number, x: number): number;
  ceil(x: number): number;
  cos(x: number): number;
  exp(x: number): number;
  floor(x: number): number;
  log(x: number): number;
  max(...values: number[]): number;
  min(...values: number[]): number;
  pow(x: number, y: number): number;
  random(): number;
  round(x: number): number;
  sin(x: number): number;
  sqrt(x: number): number;
  tan(x: number): number;
}
declare const Math: Math;

interface String {
  charAt(index: number): string;
  charCodeAt(index: number): number;
  concat(...parts: string[]): string;
  endsWith(text: string): boolean;
  includes(text: string): boolean;
  indexOf(text: string, from?: number): number;
  lastIndexOf(text: string, from?: number): number;
  match(pattern: RegExp): any;
  padStart(length: number, fill?: string): string;
  padEnd(length: number, fill?: string): string;
  repeat(count: number): string;
  replace(
    pattern: RegExp,
    replacement: string | ((match: string, ...groups: any[]) => string),
  ): string;
  replace(pattern: string, replacement: string): string;
  replaceAll(pattern: string, replacement: string): string;
  slice(start: number, end?: number): string;
  split(separator: string): string[];
  startsWith(text: string): boolean;
  substr(start: number, length?: number): string;
  substring(start: number, end?: number): string;
  toLowerCase(): string;
  toUpperCase(): string;
  trim(): string;
  toString(): string;
  readonly length: number;
  readonly [index: number]: string;
}
interface StringConstructor {
  (value?: any): string;
  fromCharCode(...codes: number[]): string;
}
declare const String: StringConstructor;

interface RegExp {
  exec(text: string): any;
  test(text: string): boolean;
  readonly source: string;
  readonly flags: string;
  lastIndex: number;
}
interface RegExpConstructor {
  new (pattern: string, flags?: string): RegExp;
}
declare const RegExp: RegExpConstructor;

interface Array<T> {
  /** Read-only on the interpreter: assigning throws. Empty an array with `splice(0)`. */
  readonly length: number;
  [index: number]: T;
  concat(...items: (T | T[])[]): T[];
  every(test: (value: T, index: number, array: T[]) => boolean): boolean;
  fill(value: T, start?: number, end?: number): this;
  filter(test: (value: T, index: number, array: T[]) => boolean): T[];
  find(test: (value: T, index: number, array: T[]) => boolean): T | undefined;
  findIndex(test: (value: T, index: number, array: T[]) => boolean): number;
  forEach(call: (value: T, index: number, array: T[]) => void, thisArg?: any): void;
  includes(value: T): boolean;
  indexOf(value: T, from?: number): number;
  join(separator?: string): string;
  map<U>(call: (value: T, index: number, array: T[]) => U, thisArg?: any): U[];
  pop(): T | undefined;
  push(...items: T[]): number;
  reduce<U>(call: (sum: U, value: T, index: number, array: T[]) => U, start: U): U;
  reverse(): T[];
  shift(): T | undefined;
  slice(start?: number, end?: number): T[];
  some(test: (value: T, index: number, array: T[]) => boolean): boolean;
  /** Not stable. */
  sort(compare?: (a: T, b: T) => number): this;
  splice(start: number, count?: number, ...items: T[]): T[];
  unshift(...items: T[]): number;
}
interface ReadonlyArray<T> {
  readonly length: number;
  readonly [index: number]: T;
  concat(...items: (T | readonly T[])[]): T[];
  forEach(call: (value: T, index: number) => void): void;
  includes(value: T): boolean;
  indexOf(value: T, from?: number): number;
  join(separator?: string): string;
  map<U>(call: (value: T, index: number) => U): U[];
  slice(start?: number, end?: number): T[];
}
interface ArrayConstructor {
  new <T>(length?: number): T[];
  <T>(length?: number): T[];
  isArray(value: any): value is any[];
}
declare const Array: ArrayConstructor;
interface TemplateStringsArray extends ReadonlyArray<string> {}

interface ArrayBuffer {
  readonly byteLength: number;
}
interface ArrayBufferConstructor {
  new (length: number): ArrayBuffer;
}
declare const ArrayBuffer: ArrayBufferConstructor;

interface TypedArray {
  readonly buffer: ArrayBuffer;
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly length: number;
  [index: number]: number;
  fill(value: number, start?: number, end?: number): this;
  indexOf(value: number, from?: number): number;
  set(source: ArrayLike<number>, offset?: number): void;
  slice(start?: number, end?: number): this;
  subarray(start?: number, end?: number): this;
}
interface ArrayLike<T> {
  readonly length: number;
  readonly [index: number]: T;
}
interface TypedArrayConstructor<A> {
  new (length: number): A;
  new (source: ArrayLike<number>): A;
  new (buffer: ArrayBuffer, offset?: number, length?: number): A;
}
interface Uint8Array extends TypedArray {}
interface Uint16Array extends TypedArray {}
interface Uint32Array extends TypedArray {}
interface Int32Array extends TypedArray {}
declare const Uint8Array: TypedArrayConstructor<Uint8Array>;
declare const Uint16Array: TypedArrayConstructor<Uint16Array>;
declare const Uint32Array: TypedArrayConstructor<Uint32Array>;
declare const Int32Array: TypedArrayConstructor<Int32Array>;

interface JSON {
  /** No reviver; crashes the board on deep nesting: use `text/json` for anything from outside. */
  parse(text: string): any;
  stringify(value: any, replacer?: null, indent?: number): string;
}
declare const JSON: JSON;

interface Date {
  getTime(): number;
  getFullYear(): number;
  getMonth(): number;
  getDate(): number;
  getHours(): number;
  getMinutes(): number;
  getSeconds(): number;
  getMilliseconds(): number;
  toISOString(): string;
}
interface DateConstructor {
  new (value?: number | string): Date;
  /** Milliseconds since 1970, with a fraction. */
  now(): number;
}
declare const Date: DateConstructor;

/** `name` is missing on the interpreter: built-in errors carry `type` instead. */
interface Error {
  message: string;
  type?: string;
  stack?: string;
}
interface ErrorConstructor {
  /** Without a text the message would be undefined. */
  new (message: string): Error;
  (message: string): Error;
  readonly prototype: Error;
}
declare const Error: ErrorConstructor;
declare const TypeError: ErrorConstructor;
declare const SyntaxError: ErrorConstructor;

interface PromiseLike<T> {
  then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: any) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B>;
}
interface Promise<T> {
  then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: any) => B | PromiseLike<B>) | null,
  ): Promise<A | B>;
  catch<B = never>(rejected?: ((reason: any) => B | PromiseLike<B>) | null): Promise<T | B>;
}
interface PromiseConstructor {
  readonly prototype: Promise<any>;
  new <T>(
    start: (resolve: (value: T | PromiseLike<T>) => void, reject: (reason?: any) => void) => void,
  ): Promise<T>;
  resolve(): Promise<void>;
  resolve<T>(value: T | PromiseLike<T>): Promise<T>;
  reject<T = never>(reason?: any): Promise<T>;
  all<T>(values: (T | PromiseLike<T>)[]): Promise<T[]>;
}
declare const Promise: PromiseConstructor;
interface PromiseConstructorLike {
  new <T>(
    start: (resolve: (value: T | PromiseLike<T>) => void, reject: (reason?: any) => void) => void,
  ): PromiseLike<T>;
}
type Awaited<T> = T extends { then(f: (value: infer V, ...args: any) => any, ...args: any): any }
  ? Awaited<V>
  : T;

type Partial<T> = { [P in keyof T]?: T[P] };
type Required<T> = { [P in keyof T]-?: T[P] };
type Readonly<T> = { readonly [P in keyof T]: T[P] };
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Record<K extends keyof any, T> = { [P in K]: T };
type Exclude<T, U> = T extends U ? never : T;
type Extract<T, U> = T extends U ? T : never;
type Omit<T, K extends keyof any> = Pick<T, Exclude<keyof T, K>>;
type NonNullable<T> = T & {};
type ReturnType<T extends (...args: any) => any> = T extends (...args: any) => infer R ? R : any;
type Parameters<T extends (...args: any) => any> = T extends (...args: infer P) => any ? P : never;
type ThisType<T> = {};
