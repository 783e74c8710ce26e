/**
 * Small records that survive power cuts: two blocks of raw flash that take turns. Records are only
 * appended; the last one of a kind counts, and a record may have marks, bytes that are set one by
 * one without writing it again. A full block's last records move to the other block, whose header
 * comes last and has the higher number: a cut leaves the old block or the new one. Every write is
 * read back.
 *
 * A line, a multiple of 4 bytes so that no word holds parts of two:
 * CRC-32 of the next two fields (8 hexadecimal digits) · bytes of the JSON (3) and of marks (2), both
 * hexadecimal · JSON object, `k` first, then spaces · marks (0xFF: not set) · three spaces, line feed.
 * A block's first line is its header, `{"seq":N}`. The first line that does not fit ends the block.
 * @module
 */

import { device } from "#board";
import { parseJson, toJson } from "../text/json.ts";
import { erasePage, isBlank, programFlash, readFlash, writeFlash } from "./flash.ts";

const BLOCK = 4096;
const HEADER = 36;
/** CRC and sizes; spaces and line feed. */
const BEFORE = 13;
const AFTER = 4;
/** What the loader may append: the last line of a block. */
const LOADERS_ROOM = 260;
/** Bytes of a record's JSON, unless the journal is made for longer ones. */
const LONGEST = 1500;
const MOST_MARKS = 252;

/** Where a record is: address of its line, bytes of its JSON, number of its marks. */
interface Place {
  at: number;
  json: number;
  marks: number;
}

function hex(value: number, digits: number): string {
  return ("0000000" + value.toString(16)).substr(-digits);
}

function makeLine(json: string, marks: string): string {
  const size = (json.length + BEFORE + 3) & ~3;
  const body = hex(size - BEFORE, 3) + hex(marks.length, 2) + json.padEnd(size - BEFORE);
  return hex(E.CRC32(body), 8) + body + marks + "   \n";
}

function lineBytes(place: Place): number {
  return BEFORE + place.json + place.marks + AFTER;
}

/** The journal at an address; it takes 8 KB. */
export class Journal {
  private readonly address: number;
  private readonly longest: number;
  /** Address of the block in use; 0: none is valid. */
  private block = 0;
  private seq = 0;
  /** Address where the next line goes. */
  private end = 0;
  /** Something else than lines follows: the block takes no more. */
  private dirty = false;
  private places: { [kind: string]: Place } = {};

  /** Reads the journal; `longest`: bytes that a record may take. */
  constructor(address: number, longest: number = LONGEST) {
    this.address = address;
    this.longest = longest;
    const first = this.readSeq(address);
    const second = this.readSeq(address + BLOCK);
    this.seq = Math.max(first, second);
    if (this.seq >= 0) this.scan(first > second ? address : address + BLOCK);
  }

  /** A kind's last record; undefined when there is none. */
  get(kind: string): any {
    const place = this.places["_" + kind];
    try {
      return place && parseJson(readFlash(place.at + BEFORE, place.json).trim());
    } catch (_error) {
      return undefined;
    }
  }

  /** The same as the text that `putText` was given, spaces behind it. */
  getText(kind: string): string | undefined {
    const place = this.places["_" + kind];
    if (!place) return undefined;
    const before = prefix(kind).length;
    const text = readFlash(place.at + BEFORE + before, place.json - before);
    return text.substr(0, text.lastIndexOf("}"));
  }

  /**
   * Writes a kind's record, undefined: none. False: the flash does not take it or there is no room,
   * and the old one stays.
   * @throws Error when the record is too long
   */
  put(kind: string, value: object | undefined, marks = 0): boolean {
    return this.putLine(kind, toJson(Object.assign({ k: kind }, value)), "\xff".repeat(marks));
  }

  /** As `put`, with a record that is `{ k, v }`, `v` given as JSON in UTF-8. */
  putText(kind: string, json: string): boolean {
    return this.putLine(kind, prefix(kind) + json + "}", "");
  }

  /** As `put`, the marks being those that the kind's last record has, but for one that is not set. */
  replace(kind: string, value: object, unset: number): boolean {
    const marks = this.marksOf(this.places["_" + kind]);
    const kept = marks.substr(0, unset) + "\xff" + marks.substr(unset + 1);
    return this.putLine(kind, toJson(Object.assign({ k: kind }, value)), kept);
  }

  markCount(kind: string): number {
    const place = this.places["_" + kind];
    return place ? place.marks : 0;
  }

  isMarked(kind: string, mark: number): boolean {
    const place = this.places["_" + kind];
    if (!place || !(mark >= 0 && mark < place.marks)) return false;
    return readFlash(place.at + BEFORE + place.json + mark, 1) !== "\xff";
  }

  /** Sets a mark of a kind's record. False: there is none, or the flash does not take it. */
  mark(kind: string, mark: number): boolean {
    const place = this.places["_" + kind];
    if (!place || !(mark >= 0 && mark < place.marks)) return false;
    const marks = this.marksOf(place);
    if (marks.charCodeAt(mark) !== 255) return true;
    const at = place.at + BEFORE + place.json;
    const wanted = marks.substr(0, mark) + "\0" + marks.substr(mark + 1);
    try {
      writeFlash(at + mark, "\0");
    } catch (_error) {
      // it shows below
    }
    if (readFlash(at, place.marks) === wanted) return true;
    const line = makeLine(readFlash(place.at + BEFORE, place.json), wanted);
    return this.move(kind, line) || this.move(kind, line);
  }

  private marksOf(place: Place | undefined): string {
    return place && place.marks ? readFlash(place.at + BEFORE + place.json, place.marks) : "";
  }

  /** A line at an address, checked; undefined when none fits there. */
  private readPlace(at: number, end: number): Place | undefined {
    if (at + BEFORE + AFTER > end) return undefined;
    const head = readFlash(at, BEFORE);
    const json = parseInt(head.substr(8, 3), 16);
    const marks = parseInt(head.substr(11, 2), 16);
    const place = { at: at, json: json, marks: marks };
    if (!(json > 1 && marks >= 0 && at + lineBytes(place) <= end)) return undefined;
    if (readFlash(at + lineBytes(place) - 1, 1) !== "\n") return undefined;
    const body = head.substr(8) + readFlash(at + BEFORE, json);
    return parseInt(head.substr(0, 8), 16) === E.CRC32(body) ? place : undefined;
  }

  /** Number of the block at an address; -1 when it is not valid. */
  private readSeq(block: number): number {
    const place = this.readPlace(block, block + BLOCK);
    if (!place || lineBytes(place) !== HEADER) return -1;
    const header = JSON.parse(readFlash(block + BEFORE, place.json));
    return typeof header.seq === "number" ? header.seq : -1;
  }

  private scan(block: number): void {
    this.block = block;
    const end = block + BLOCK;
    let at = block + HEADER;
    let place = this.readPlace(at, end);
    while (place) {
      this.remember(place);
      at += lineBytes(place);
      place = this.readPlace(at, end);
    }
    this.end = at;
    this.dirty = !isBlank(at, end - at);
  }

  /** Takes a line for its kind's last one, from how its JSON begins. */
  private remember(place: Place): void {
    const text = readFlash(place.at + BEFORE, Math.min(place.json, 40));
    const quote = text.indexOf('"', 6);
    const kind = "_" + text.substr(6, quote - 6);
    if (text.charAt(quote + 1) === "}") delete this.places[kind];
    else this.places[kind] = place;
  }

  private putLine(kind: string, json: string, marks: string): boolean {
    if (json.length > this.longest || marks.length > MOST_MARKS) {
      throw new Error(
        'journal: record "' +
          kind +
          '" has ' +
          json.length +
          " bytes and " +
          marks.length +
          " marks, expected up to " +
          this.longest +
          " and " +
          MOST_MARKS,
      );
    }
    while (marks.length & 3) marks += "\xff";
    const line = makeLine(json, marks);
    if (this.block && !this.dirty && this.end + line.length + LOADERS_ROOM <= this.block + BLOCK) {
      if (this.write(this.end, line)) {
        this.remember({
          at: this.end,
          json: line.length - BEFORE - AFTER - marks.length,
          marks: marks.length,
        });
        this.end += line.length;
        return true;
      }
      this.dirty = true;
    }
    return this.move(kind, line) || this.move(kind, line);
  }

  /** Writes and reads back. */
  private write(at: number, bytes: string): boolean {
    try {
      return programFlash(at, bytes);
    } catch (_error) {
      return false;
    }
  }

  /** Erases a block where it is not blank; whether it is blank then. */
  private makeBlank(block: number): boolean {
    const page = device.flash.page;
    for (let at = block; at < block + BLOCK; at += page) {
      try {
        if (!isBlank(at, page)) erasePage(at);
      } catch (_error) {
        return false;
      }
      if (!isBlank(at, page)) return false;
    }
    return true;
  }

  /** Goes to the other block with the last record of each kind, the given line among them. */
  private move(kind: string, line: string): boolean {
    const block = this.block === this.address ? this.address + BLOCK : this.address;
    const end = block + BLOCK - LOADERS_ROOM;
    const kinds = Object.keys(this.places).filter((name) => name !== "_" + kind);
    let at = block + HEADER + line.length;
    for (const name of kinds) at += lineBytes(this.places[name]);
    if (at > end || !this.makeBlank(block)) return false;
    at = block + HEADER;
    const places: { [kind: string]: Place } = {};
    for (const name of kinds) {
      const place = this.places[name];
      const bytes = lineBytes(place);
      if (!this.write(at, readFlash(place.at, bytes))) return false;
      places[name] = { at: at, json: place.json, marks: place.marks };
      at += bytes;
    }
    if (!this.write(at, line)) return false;
    const seq = this.seq + 1;
    if (!this.write(block, makeLine(('{"seq":' + seq).padEnd(18) + "}", ""))) return false;
    this.block = block;
    this.seq = seq;
    this.places = places;
    this.dirty = false;
    this.end = at + line.length;
    const added = this.readPlace(at, end);
    if (added) this.remember(added);
    return true;
  }
}

function prefix(kind: string): string {
  return '{"k":"' + kind + '","v":';
}
