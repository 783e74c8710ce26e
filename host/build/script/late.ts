/**
 * Puts what only the calls given to `runLate` (src/system/late.ts) reach into one function at the
 * script's end, which the firmware runs at the top level when it is needed.
 * @module
 */
import type { AnyNode } from "acorn";
import MagicString from "magic-string";
import { parseScript } from "./parse.ts";
import { type Piece, piecesOf, Reach, RUN_LATE } from "./pieces.ts";
import { type Rewritten, rewritten } from "./rewritten.ts";
import { findScopes, LATE_MEMBER } from "./scope.ts";

/** When a piece is there. */
const EARLY = 0;
const LATE = 1;
const DEAD = 2;
/** Stands, as a statement, between the steps of the build, before what is read late. */
export const MARK = "lateFollows();";

/**
 * Moves what is read late to the end, behind a mark; `wrapLate` makes the function of it. What nothing
 * reaches at all, a method among it, is taken out.
 */
export function moveLate(code: string): Rewritten {
  const text = new MagicString(code);
  if (!code.includes(`${RUN_LATE}(`)) return rewritten(text);
  const program = parseScript(code);
  const scopes = findScopes(program);
  const statements = program.body.map((node) => ({ node, pieces: piecesOf(node, scopes) }));
  const all = statements.flatMap(({ pieces }) => pieces);
  const early = new Reach(all, scopes);
  const late = new Reach(all, scopes, { before: early });
  let first: number | undefined;
  for (const { node: statement, pieces } of statements) {
    const fates = pieces.map((one) => (early.has(one) ? EARLY : late.has(one) ? LATE : DEAD));
    separate(statement, pieces, fates, text, code);
    first ??= fates[0] === LATE ? statement.start : pieces[fates.indexOf(LATE)]?.node.start;
  }
  if (first !== undefined) text.prependRight(first, MARK);
  return rewritten(text);
}

/** Makes a function of what follows the mark, in the finished script. */
export function wrapLate(code: string): Rewritten {
  const text = new MagicString(code);
  const at = code.indexOf(MARK);
  if (at >= 0) {
    text.overwrite(at, at + MARK.length, `${LATE_MEMBER}=function(){`);
    text.append("};");
  }
  return rewritten(text);
}

/** Moves a statement's late pieces to the end; those that stay behind one another stay joined. */
function separate(
  statement: AnyNode,
  pieces: Piece[],
  fates: number[],
  text: MagicString,
  code: string,
): void {
  const opening = statement.type === "VariableDeclaration" ? "var " : "";
  if (fates.every((fate) => fate === EARLY)) return;
  const isWhole = /[;}]$/.test(code.slice(statement.start, statement.end));
  if (fates.every((fate) => fate === fates[0])) {
    if (fates[0] === DEAD) text.remove(statement.start, statement.end);
    else text.move(statement.start, statement.end, code.length);
    if (fates[0] === LATE && !isWhole) text.appendLeft(statement.end, ";");
    return;
  }
  pieces.forEach(({ node }, index) => {
    const fate = fates[index];
    const next = pieces[index + 1]?.node;
    // With what stands before the next piece: a comma, or from here on a semicolon.
    const end = next?.start ?? statement.end;
    if (index === 0 && opening && fate !== EARLY) {
      text.remove(statement.start, node.start);
      text.prependRight(node.start, opening);
    }
    if (next && fate !== fates[index + 1]) {
      text.overwrite(node.end, next.start, ";");
      text.prependRight(next.start, opening);
    }
    if (fate === DEAD) text.remove(node.start, end);
    if (fate !== LATE) return;
    text.move(node.start, end, code.length);
    if (!next && !isWhole) text.appendLeft(end, ";");
  });
}
