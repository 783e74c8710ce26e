/**
 * Prints what the text layer makes of its cases, in hexadecimal where bytes matter.
 * @module
 */
import { hexToBytes, toHex } from "../../../src/text/hex.ts";
import { parseJson, toJson } from "../../../src/text/json.ts";
import { encodeCodePoint, isUtf8, toBytes } from "../../../src/text/utf8.ts";

/** `parse`: documents in hexadecimal; `utf8`: byte strings likewise, `true` for good ones. */
const settings: { parse: string[]; utf8: [string, boolean][] } = global.settings;

function attempt(document: string): string {
  try {
    return toHex(toJson(parseJson(hexToBytes(document))));
  } catch (error) {
    return "error " + (error as Error).message;
  }
}

function circular(): string {
  const value: any = { a: 1 };
  value.self = value;
  try {
    return toJson(value);
  } catch (error) {
    return (error as Error).message;
  }
}

function start(): void {
  settings.parse.forEach((document, index) => {
    print("parse " + index + " " + attempt(document));
  });
  settings.utf8.forEach((one) => {
    if (isUtf8(hexToBytes(one[0])) !== one[1]) print("wrong " + one[0]);
  });
  // A text that the parser makes on a unicode build becomes bytes again.
  const text = parseJson(hexToBytes("22e4b8ade69687c3a922"));
  print("bytes " + toHex(toBytes(text)) + " " + toBytes(text).length);
  print(
    "code " + toHex(encodeCodePoint(0x4e2d) + encodeCodePoint(0x1f600) + encodeCodePoint(0xe9)),
  );
  print("write " + toHex(toJson({ text: "\xe6\xb8\xa9\\\xe5\xba\xa6", list: ["\xc2\xb0C"] })));
  print("circular " + circular());
  print("digest " + toHex(require("crypto").SHA1("abc")));
  print("done");
}

start();
