/**
 * What was found out about a source file in an earlier build of this process. The next build has most files
 * unchanged, and where a file and all that it comes to by imports are the same, so are their types.
 * @module
 */
import ts from "./typescript.js";

/** So many answers are kept for a file: for as many boards and applications around it. */
const MOST = 8;

/** Tells files apart; one whose text has changed is another. */
const numbers = new WeakMap<ts.SourceFile, number>();
let count = 0;

function numberOf(file: ts.SourceFile): number {
  const known = numbers.get(file) ?? ++count;
  numbers.set(file, known);
  return known;
}

/** What a module takes or changes elsewhere without an import that is a statement. */
const REACHES =
  /\bimport\s*\(|\bimport\s+\w+\s*=|\bdeclare\s+(global|module)\b|^\/\/\/\s*<reference/m;

const surroundings = new WeakMap<ts.Program, Surroundings>();

/** The only ones of a program. */
export function surroundingsIn(program: ts.Program): Surroundings {
  const known = surroundings.get(program) ?? new Surroundings(program);
  surroundings.set(program, known);
  return known;
}

/** A file and what each of its imports means. */
interface Part {
  text: string;
  files: (ts.SourceFile | undefined)[];
}

/** What a file's types depend on, for the files of one program. */
class Surroundings {
  readonly #program: ts.Program;
  readonly #keys = new Map<ts.SourceFile, string>();
  readonly #parts = new Map<ts.SourceFile, Part>();
  /** Whether nothing can be told. */
  readonly #isOpen: boolean;
  readonly #globals: string;

  constructor(program: ts.Program) {
    this.#program = program;
    const files = program.getSourceFiles();
    this.#isOpen = files.some((file) => !file.isDeclarationFile && REACHES.test(file.text));
    this.#globals = files
      .filter((file) => file.isDeclarationFile)
      .map(numberOf)
      .join();
  }

  /** The same for files of two programs when their types are; undefined: that can't be told. */
  keyOf(file: ts.SourceFile): string | undefined {
    if (this.#isOpen) return undefined;
    const known = this.#keys.get(file);
    if (known !== undefined) return known;
    const reached = new Set([file]);
    for (const one of reached) {
      for (const other of this.#partOf(one).files) if (other) reached.add(other);
    }
    const parts = [...reached].map((one) => this.#partOf(one).text).sort();
    const key = `${this.#globals};${parts.join(";")}`;
    this.#keys.set(file, key);
    return key;
  }

  #partOf(file: ts.SourceFile): Part {
    const known = this.#parts.get(file);
    if (known) return known;
    const files = importsOf(file, this.#program);
    const text = [file, ...files].map((one) => (one ? numberOf(one) : "")).join();
    const part = { text, files };
    this.#parts.set(file, part);
    return part;
  }
}

/** The modules that a file's imports and exports name, types among them; undefined: there is none. */
function importsOf(file: ts.SourceFile, program: ts.Program): (ts.SourceFile | undefined)[] {
  const checker = program.getTypeChecker();
  return file.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (!moduleSpecifier) return [];
    return [checker.getSymbolAtLocation(moduleSpecifier)?.declarations?.find(ts.isSourceFile)];
  });
}

/** Answers to one question about files. */
export class Kept<T> {
  readonly #answers = new WeakMap<ts.SourceFile, Map<string, T>>();

  /** What was answered for a file with a key, or what `find` answers. */
  get(file: ts.SourceFile, key: string | undefined, find: () => T): T {
    if (key === undefined) return find();
    const answers = this.#answers.get(file) ?? new Map<string, T>();
    this.#answers.set(file, answers);
    const answer = answers.has(key) ? (answers.get(key) as T) : find();
    // What was asked for last is the last to go.
    answers.delete(key);
    answers.set(key, answer);
    const [oldest] = answers.keys();
    if (answers.size > MOST && oldest !== undefined) answers.delete(oldest);
    return answer;
  }
}
