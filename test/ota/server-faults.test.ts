/**
 * File servers that misbehave: the download recovers, or fails with the right step and a text; then
 * the old version runs and a good update succeeds.
 * @module
 */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { type Answer, wholeAnswer } from "../power/platform.ts";
import { OLD } from "../power/scene.ts";
import { Story } from "./story.ts";

type Server = (file: Buffer, from: number, request: number) => Answer;

const NOTHING = Buffer.alloc(0);
const length = (bytes: number) => `HTTP/1.1 200 OK\r\nContent-Length: ${bytes}`;
const status = (text: string): Server => {
  const head = `HTTP/1.1 ${text}\r\nContent-Length: 0`;
  return () => ({ head, body: NOTHING });
};
/** The right head with a body that ends early. */
const cutAt =
  (bytes: number, silent = false): Server =>
  (file, from) => {
    const { head, body } = wholeAnswer(file, from);
    return { head, body: body.subarray(0, bytes), silent };
  };

const recovers: [string, Server][] = [
  ["breaks after each 4 KB", cutAt(4096)],
  [
    "goes silent in the middle, once",
    (file, from, n) => cutAt(n === 1 ? 9000 : 1e9, n === 1)(file, from, n),
  ],
  [
    "answers ranges with everything",
    (file, from, n) =>
      from ? { head: length(file.length), body: file } : cutAt(20000)(file, from, n),
  ],
  [
    "is unavailable twice",
    (file, from, n) => (n < 3 ? status("503 Busy")(file, from, n) : wholeAnswer(file, from)),
  ],
  [
    "redirects once",
    (file, from, n) =>
      n === 1
        ? { head: "HTTP/1.1 302 Found\r\nLocation: /0?moved\r\nContent-Length: 0", body: NOTHING }
        : wholeAnswer(file, from),
  ],
  [
    "finds the address expired, once",
    (file, from, n) => (n === 1 ? status("403 Forbidden")(file, from, n) : wholeAnswer(file, from)),
  ],
  [
    "closes without a word, once",
    (file, from, n) => (n === 1 ? cutAt(0)(file, from, n) : wholeAnswer(file, from)),
  ],
];

for (const [index, [what, server]] of recovers.entries()) {
  test(`the update succeeds though the server ${what}`, async () => {
    const story = await Story.begin();
    const offer = story.good(`1.${index + 1}.0`);
    const size = offer.files[0]?.bytes.length ?? 0;
    story.platform.answer = server;
    story.platform.offers(offer);
    story.online(offer.version);
    assert.ok(story.platform.requests > 1, "the fault did not show");
    if (what.startsWith("breaks")) {
      assert.ok(story.platform.sent <= 1.1 * size, `${story.platform.sent} bytes for ${size}`);
    }
  });
}

const fails: [string, Server, number, RegExp][] = [
  ["has no such file", status("404 Not Found"), -2, /404/],
  ["finds every address expired", status("403 Forbidden"), -2, /403/],
  ["is always broken", status("500 Oops"), -2, /500/],
  [
    "redirects for ever",
    () => ({ head: "HTTP/1.1 302 Found\r\nLocation: /0\r\nContent-Length: 0", body: NOTHING }),
    -2,
    /redirect/,
  ],
  ["sends no body", status("200 OK"), -2, /./],
  [
    "sends chunks",
    (file) => ({ head: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", body: file }),
    -2,
    /chunked/,
  ],
  ["says no length", (file) => ({ head: "HTTP/1.1 200 OK", body: file }), -2, /[Ll]ength/],
  ["announces a byte too much", (file) => ({ head: length(file.length + 1), body: file }), -2, /./],
  [
    "announces a byte too little",
    (file) => ({ head: length(file.length - 1), body: file }),
    -2,
    /./,
  ],
  ["announces twice the bytes", (file) => ({ head: length(file.length * 2), body: file }), -2, /./],
  ["is no web server", () => ({ head: "SSH-2.0-OpenSSH", body: NOTHING }), -2, /./],
  ["never answers", () => ({ head: "HTTP/1.1 200 OK", body: NOTHING, silent: true }), -2, /./],
  ["goes silent without progress", cutAt(0, true), -2, /./],
  [
    "changes a byte",
    (file, from) => {
      const { head, body } = wholeAnswer(file, from);
      const spoilt = Buffer.from(body);
      if (from < 5000) spoilt[5000 - from] = (spoilt[5000 - from] ?? 0) ^ 1;
      return { head, body: spoilt };
    },
    -3,
    /SHA-256/,
  ],
];

const story = await Story.begin();
let version = 1;
beforeEach(() => {
  version++;
});

for (const [what, server, step, text] of fails) {
  test(`the update fails when the server ${what}`, () => {
    const old = story.platform.version;
    story.platform.answer = server;
    const outcome = story.fails(story.good(`2.${version}.0`));
    assert.equal(outcome.step, step, JSON.stringify(outcome));
    assert.match(outcome.desc, text);
    assert.equal(story.platform.version, old);
    story.succeeds(story.good(`2.${version}.1`));
  });
}

test("nothing of an address's query is logged", () => {
  assert.notEqual(story.platform.version, OLD);
  assert.doesNotMatch(story.scene.board.output, /Signature/);
});
