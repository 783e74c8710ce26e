/**
 * Reports and differences of images as lines for people.
 * @module
 */
import type { EntryChange, ImageDiff } from "./diff.ts";
import type { ImageReport } from "./inspect.ts";

const line = (label: string, value: string) => `  ${label.padEnd(10)}${value}`;
const SHORT = 16;

/** What is in an image. */
export function imageLines(file: string, report: ImageReport): string[] {
  const { header, signature } = report;
  const lines = [file];
  if (header) {
    lines.push(
      line("Module", header.module),
      line("Version", `${header.version}, security counter ${header.security}`),
      line("Board", header.board),
    );
  }
  lines.push(
    line("Size", `${report.size} bytes`),
    line("MD5", report.md5),
    line("SHA256", report.sha256),
  );
  for (const { name, size, sha256 } of report.entries) {
    lines.push(line("Entry", `${name}, ${size} bytes, SHA256 ${sha256.slice(0, SHORT)}…`));
  }
  if (header) lines.push(line("Signature", signatureText(signature)));
  return [...lines, ...report.problems.map((problem) => line("Problem", problem))];
}

function signatureText(signature: ImageReport["signature"]): string {
  if (signature.state === "none") return "none";
  if (signature.state === "good") return `good, by key ${signature.key}`;
  return "by a key that is not at hand, or bad";
}

/** What differs, from the first image to the second. */
export function diffLines(from: string, to: string, diff: ImageDiff): string[] {
  if (diff.same) return [`${from} and ${to} are the same`];
  return [
    `${from} → ${to}`,
    ...diff.fields.map(({ name, from: old, to: now }) =>
      line(name, `${old ?? "–"} → ${now ?? "–"}${difference(old, now)}`),
    ),
    ...diff.entries.map((entry) => line("entry", entryText(entry))),
    ...diff.obstacles.map((text) => line("obstacle", `a board with the first refuses it: ${text}`)),
  ];
}

function entryText({ name, change, from, to }: EntryChange): string {
  if (change === "added") return `${name} added, ${to} bytes`;
  if (change === "removed") return `${name} removed, ${from} bytes`;
  if (change === "same") return `${name} as before, ${to} bytes`;
  return `${name} changed, ${from} → ${to} bytes${difference(from, to)}`;
}

/** ` (+12)`, of numbers only. */
function difference(from: unknown, to: unknown): string {
  if (typeof from !== "number" || typeof to !== "number") return "";
  return ` (${to < from ? "−" : "+"}${Math.abs(to - from)})`;
}
