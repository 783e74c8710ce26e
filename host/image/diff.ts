/**
 * What differs between two images.
 * @module
 */
import type { EntryReport, ImageReport } from "./inspect.ts";

/** A field of the header, or a figure, in both images. */
export interface FieldChange {
  name: string;
  from: string | number | undefined;
  to: string | number | undefined;
}

export interface EntryChange {
  name: string;
  change: "added" | "removed" | "changed" | "same";
  /** Bytes; undefined where the entry is missing. */
  from: number | undefined;
  to: number | undefined;
}

export interface ImageDiff {
  /** Only those that differ. */
  fields: FieldChange[];
  /** All entries of either image, in the order of the second. */
  entries: EntryChange[];
  /** Whether the images are the same, byte by byte. */
  same: boolean;
  /** Why a board that runs the first would not take the second; empty when it would. */
  obstacles: string[];
}

const FIELDS = ["board", "module", "version", "security"] as const;

/** Compares two images. */
export function diffImages(from: ImageReport, to: ImageReport): ImageDiff {
  const fields: FieldChange[] = FIELDS.map((name) => {
    return { name, from: from.header?.[name], to: to.header?.[name] };
  });
  fields.push({ name: "size", from: from.size, to: to.size });
  fields.push({ name: "signature", from: from.signature.state, to: to.signature.state });
  return {
    fields: fields.filter((field) => field.from !== field.to),
    entries: entryChanges(from.entries, to.entries),
    same: from.sha256 === to.sha256,
    obstacles: obstacles(from, to),
  };
}

function entryChanges(from: EntryReport[], to: EntryReport[]): EntryChange[] {
  const old = new Map(from.map((entry) => [entry.name, entry]));
  const names = new Set([...to.map(({ name }) => name), ...old.keys()]);
  return [...names].map((name) => {
    const before = old.get(name);
    const after = to.find((entry) => entry.name === name);
    const change = !before
      ? "added"
      : !after
        ? "removed"
        : before.sha256 === after.sha256
          ? "same"
          : "changed";
    return { name, change, from: before?.size, to: after?.size };
  });
}

function obstacles({ header: from }: ImageReport, { header: to }: ImageReport): string[] {
  if (!from || !to) return [];
  const found: string[] = [];
  if (from.board !== to.board) found.push(`it is for ${to.board}, not ${from.board}`);
  if (from.module !== to.module) found.push(`its module is ${to.module}, not ${from.module}`);
  if (to.security < from.security) {
    found.push(`its security counter ${to.security} is below ${from.security}`);
  }
  return found;
}
