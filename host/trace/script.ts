/**
 * A built script with its source map: from a place in it to the TypeScript, and from the short names
 * of members and functions to the words that stand in the sources.
 * @module
 */
import { SourceMap } from "node:module";
import { resolve } from "node:path";
import { shownPath } from "../build/project.ts";
import { type FunctionRange, type Outline, outline } from "./functions.ts";

/** A place in the sources; line and column count from 1. */
export interface SourcePlace {
  /** Relative to the repository's root. */
  file: string;
  line: number;
  column: number;
  /** The source's line, as it was when the script was built. */
  text: string;
}

/** Uses of a short name that are looked up; the most frequent answer counts. */
const MOST_USES = 20;

/** One script; maps and syntax tree are read when they are first asked for. */
export class BuiltScript {
  private map: SourceMap | undefined;
  private sources: Map<string, string[]> | undefined;
  private outlined: Outline | undefined;
  private readonly words = new Map<string, string | undefined>();

  /**
   * @param text the script, of one line
   * @param readMap gives the source map's JSON
   */
  constructor(
    readonly text: string,
    private readonly readMap: () => string,
    /** What the map's paths are relative to, absolute. */
    private readonly folder: string,
  ) {}

  /** The functions of the script, inner ones after those around them. */
  get functions(): FunctionRange[] {
    return this.outline.functions;
  }

  private get outline(): Outline {
    this.outlined ??= outline(this.text);
    return this.outlined;
  }

  /** The innermost function around a place; undefined at the top level. */
  functionAt(offset: number): FunctionRange | undefined {
    return this.functions.filter(({ start, end }) => offset >= start && offset <= end).at(-1);
  }

  /** Where the TypeScript of the token at `offset` stands; undefined for what the build made. */
  locate(offset: number): SourcePlace | undefined {
    return this.lookUp(this.outline.calls.get(offset) ?? this.behindDot(offset));
  }

  private behindDot(offset: number): number {
    return this.text.charAt(offset) === "." ? offset + 1 : offset;
  }

  private lookUp(offset: number): SourcePlace | undefined {
    const { map, sources } = this.readOnce();
    const entry = map.findEntry(0, offset);
    if (!("originalSource" in entry)) return undefined;
    const text = sources.get(entry.originalSource)?.[entry.originalLine] ?? "";
    return {
      file: shownPath(resolve(this.folder, entry.originalSource)),
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
      text,
    };
  }

  private readOnce(): { map: SourceMap; sources: Map<string, string[]> } {
    if (!this.map || !this.sources) {
      const json = JSON.parse(this.readMap());
      const texts = (json.sourcesContent ?? []) as (string | null)[];
      this.map = new SourceMap(json);
      this.sources = new Map(
        (json.sources as string[]).map((name, i) => [name, (texts[i] ?? "").split(/\r?\n/)]),
      );
    }
    return { map: this.map, sources: this.sources };
  }

  /** The word in the sources that a name of the script stands for; undefined when it is unknown. */
  word(name: string): string | undefined {
    if (!this.words.has(name)) this.words.set(name, this.findWord(name));
    return this.words.get(name);
  }

  private findWord(name: string): string | undefined {
    const escaped = name.replaceAll("$", "\\$");
    const uses = this.text.matchAll(new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`, "g"));
    const counts = new Map<string, number>();
    let looked = 0;
    for (const { index } of uses) {
      if (++looked > MOST_USES) break;
      const place = this.lookUp(index);
      const word = place && /^[\w$]+/.exec(place.text.slice(place.column - 1))?.[0];
      if (word && !/^(this|return|function|new|var|let|const|class|constructor)$/.test(word)) {
        counts.set(word, (counts.get(word) ?? 0) + 1);
      }
    }
    return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
  }
}
