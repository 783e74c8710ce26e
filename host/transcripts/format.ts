/**
 * Reads AT transcripts. A line is `# remark`, `> "…"` (host to modem), `< "…"` (modem to host) or
 * `= N` (a pause of N ms). Escapes: `\r \n \t \" \\ \xHH`; a character is a byte.
 * @module
 */

export type Item = { from: "host" | "modem"; bytes: string } | { from: "clock"; ms: number };

const ESCAPES: Record<string, string> = { r: "\r", n: "\n", t: "\t", '"': '"', "\\": "\\" };

function unquote(text: string): string {
  if (!/^"(?:[^"\\]|\\.)*"$/.test(text)) throw new Error("expected one text in double quotes");
  const body = text.slice(1, -1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: bytes
  if (/[^\x00-\xff]/.test(body)) throw new Error("expected characters up to \\xff");
  return body.replace(/\\(x[0-9a-fA-F]{2}|.)/g, (whole, name: string) => {
    if (name.length === 3) return String.fromCharCode(Number.parseInt(name.slice(1), 16));
    const byte = ESCAPES[name];
    if (byte === undefined) {
      throw new Error(`escape ${whole}, expected \\r, \\n, \\t, \\", \\\\ or \\x and two digits`);
    }
    return byte;
  });
}

function readItem(line: string): Item | undefined {
  const text = line.trimEnd();
  if (text === "" || text.startsWith("#")) return undefined;
  if (text.startsWith("> ")) return { from: "host", bytes: unquote(text.slice(2)) };
  if (text.startsWith("< ")) return { from: "modem", bytes: unquote(text.slice(2)) };
  if (/^= \d+(\.\d+)?$/.test(text)) return { from: "clock", ms: Number(text.slice(2)) };
  throw new Error('expected "# …", \'> "…"\', \'< "…"\' or "= N"');
}

/**
 * The items of a transcript.
 * @param name for errors
 * @throws Error with name, line and what was expected
 */
export function readTranscript(text: string, name: string): Item[] {
  const items: Item[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    try {
      const item = readItem(line.replace(/\r$/, ""));
      if (item) items.push(item);
    } catch (error) {
      throw new Error(`${name}:${index + 1}: ${(error as Error).message}`);
    }
  }
  if (!items.some((item) => item.from === "modem")) {
    throw new Error(`${name}: nothing that a modem sent (\`< "…"\`)`);
  }
  return items;
}
