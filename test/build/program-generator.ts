/**
 * Random TypeScript programs from a seed, for comparing the built script with the language: control
 * flow in every nesting, expressions of every kind, both taken and skipped branches.
 * @module
 */

type Random = () => number;

/** Uniform numbers below 1 that a seed fixes (mulberry32's scheme). */
function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const PRELUDE = `export {};
let kept: any[] = [];
let lines = 0;
function log(...values: any[]): any {
  const text = values.map((v: any) => (typeof v === "object" && v ? "object" : "" + v));
  if (lines++ < 60) print(text.join("|"));
  return values[0];
}
class Box {
  constructor(private value: any) {}
  get(other: any): any {
    return this.value || other;
  }
}
const LIMIT = 7;
const pattern = /s[0-9]/;
function kind(value: any): string {
  return pattern.test("" + value) ? "s" : typeof value;
}
class Pair extends Box {
  constructor(value: any, private other: any) {
    super(value);
  }
  describe(): string {
    return kind(this.get(LIMIT)) + kind(this.other) + (LIMIT > 6 ? LIMIT : "");
  }
}
/** What only this function needs is made at each call. @brief */
function briefly(value: any, other: any): string {
  return new Pair(value, other).describe();
}
`;

class Generator {
  private names = 0;
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  /** A function of two parameters. */
  declaration(name: string): string {
    const body = this.block(4, 3, ["a", "b", "c"], false);
    return `function ${name}(a: any, b: any): any {\nlet c: any = 1;\n${body}\nreturn c;\n}\n`;
  }

  private pick<T>(list: T[]): T {
    return list[Math.floor(this.random() * list.length)] as T;
  }

  private name(): string {
    return `v${++this.names}`;
  }

  private value(names: string[]): string {
    const digit = Math.floor(this.random() * 9);
    const literals = [`${digit}`, `-${digit + 1}`, `"s${digit % 3}"`, "true", "null", "undefined"];
    return this.pick([...literals, this.pick(names), this.pick(names)]);
  }

  private expression(depth: number, names: string[]): string {
    if (depth <= 0) return this.value(names);
    const e = () => this.expression(depth - 1, names);
    const int = () => `((${e()} as any) | 0)`;
    const inner = this.name();
    const within = () => this.expression(depth - 1, [...names, inner]);
    const forms = [
      () => `(${int()} + ${int()})`,
      () => `(${int()} - ${int()})`,
      () => `("" + ${e()})`,
      () => `((${e()} as any) & 255)`,
      () => `(${e()} ? ${e()} : ${e()})`,
      () => `(${e()} && ${e()})`,
      () => `(${e()} || ${e()})`,
      () => `(${e()} ?? ${e()})`,
      () => `(log(${e()}), ${e()})`,
      () => `(${this.pick(names)} = ${e()})`,
      () => `[${e()}, ${e()}][((${e()} as any) & 1)]`,
      () => `({ a: ${e()}, b: ${e()} } as any).${this.pick(["a", "b", "c"])}`,
      () => `("a" in ({ a: ${e()} } as any))`,
      () => `typeof ${e()}`,
      () => `!${e()}`,
      () => `void ${e()}`,
      () => `(${e()} === ${e()})`,
      () => `(${int()} < ${int()})`,
      () => `\`x\${${e()}}y\${${e()}}\``,
      () => `/s[0-9]/.test("" + ${e()})`,
      () => `(function (${inner}: any) { return ${within()}; })(${e()})`,
      () => `((${inner}: any) => ${within()})(${e()})`,
      () => `(${e()} as any)?.length`,
      () => `[${e()}, ...[${e()}]].length`,
      () => `log(${e()})`,
      () => `new Box(${e()}).get(${e()})`,
      () => `briefly(${e()}, ${e()})`,
    ];
    return this.pick(forms)();
  }

  /** Statements; `loop` says whether a jump may stand here. */
  private block(count: number, depth: number, names: string[], loop: boolean): string {
    const known = [...names];
    const statements: string[] = [];
    for (let i = 0; i < count; i++) statements.push(this.statement(depth, known, loop));
    return statements.join("\n");
  }

  private statement(depth: number, names: string[], loop: boolean): string {
    const e = () => this.expression(2, names);
    if (depth <= 0) return this.pick([`log(${e()});`, `${this.pick(names)} = ${e()};`]);
    const body = (count = 1, inLoop = loop) => this.block(count, depth - 1, names, inLoop);
    const v = this.name();
    const limit = `let ${v} = 0;`;
    const forms = [
      () => {
        const text = `let ${v}: any = ${e()};`;
        names.push(v);
        return text;
      },
      () => `if (${e()}) { ${body(2)} } else { ${body()} }`,
      () => `if (${e()}) { ${body(2)} }`,
      () => `if (${e()}) log(${e()}); else if (${e()}) log(${e()}); else log(${e()});`,
      () => `for (let ${v}: any = 0, end = ${e()}; ${v} < 3; ${v}++) { ${body(2, true)} }`,
      () => `for (const ${v} of [${e()}, ${e()}]) { ${body(2, true)} kept.push(() => ${v}); }`,
      () => `for (const ${v} in { x: ${e()}, y: ${e()} }) { ${body(1, true)} log(${v}); }`,
      () => `{ ${limit} while (${v}++ < 2) { ${body(2, true)} } }`,
      () => `{ ${limit} do { ${body(2, true)} } while (++${v} < 2); }`,
      () =>
        `switch ((${e()} as any) & 3) { case 0: ${body(1, false)} break; ` +
        `case ${this.pick(["1", "2", "a"])}: ${body(2, false)} break; ` +
        `default: ${body(1, false)} }`,
      () =>
        `try { ${body(1, false)} if (${e()}) throw ${e()}; } ` +
        `catch (${v}: any) { log(${v}); ${body(1, false)} } finally { log(${e()}); }`,
      () => `if (${e()}) return ${e()};`,
      () => (loop ? `if (${e()}) ${this.pick(["break", "continue"])};` : `log(${e()});`),
      () =>
        `const { a: ${v} = ${e()}, ...r${v} } = { a: ${e()}, z: ${e()} } as any; log(${v}, r${v}.z);`,
      () => `${this.pick(names)} = ${e()};`,
      () => `log(${e()}, ${e()});`,
    ];
    return this.pick(forms)();
  }
}

/** A module of `functions` functions, each called twice with its results printed. */
export function generateProgram(seed: number, functions = 12): string {
  const generator = new Generator(randomFrom(seed));
  let text = PRELUDE;
  for (let i = 0; i < functions; i++) text += generator.declaration(`f${i}`);
  for (let i = 0; i < functions; i++) {
    text += `print("function ${i}");\nlines = 0;\nkept = [];\n`;
    text += `try {\nprint(typeof f${i}(1, "s1"), kept.map((k) => typeof k()).join());\n`;
    text += `lines = 0;\nlog(f${i}(0, null));\n} catch (e) {\nprint("thrown", typeof e);\n}\n`;
  }
  return text;
}
