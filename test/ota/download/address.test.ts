import assert from "node:assert/strict";
import { describe, test } from "node:test";
import "../../device-globals.ts";
import {
  describeAddress,
  followAddress,
  parseAddress,
  requestText,
} from "../../../src/http/address.ts";
import { bodyFault, parseResponse } from "../../../src/http/response.ts";

const parse = (head: string) => parseResponse(head, head.length);

const url = "https://ota.example.com/a/b%20c.bin?Expires=17&Signature=a%3D/?:#top";

describe("address", () => {
  test("keeps path and query unchanged and shows no query", () => {
    const address = parseAddress(url);
    assert.deepEqual(address, {
      tls: true,
      host: "ota.example.com",
      port: 443,
      path: "/a/b%20c.bin?Expires=17&Signature=a%3D/?:",
    });
    assert.equal(describeAddress(address), "ota.example.com/a/b%20c.bin");
    assert.match(
      requestText(address, 0),
      /^GET \/a\/b%20c.bin\?Expires=17&Signature=a%3D\/\?: HTTP/,
    );
    assert.match(requestText(address, 0), /\r\nHost: ota.example.com\r\n/);
    assert.doesNotMatch(requestText(address, 0), /Range/);
    assert.match(requestText(address, 77), /\r\nRange: bytes=77-\r\n\r\n$/);
  });

  test("knows ports and addresses without a path", () => {
    const cases: [string, string, number, string][] = [
      ["http://h", "h", 80, "/"],
      ["http://h:8080?q=1", "h", 8080, "/?q=1"],
      ["http://127.0.0.1:1/x", "127.0.0.1", 1, "/x"],
      ["https://h:443/", "h", 443, "/"],
    ];
    for (const [text, host, port, path] of cases)
      assert.deepEqual(parseAddress(text), { tls: text.startsWith("https"), host, port, path });
    assert.match(requestText(parseAddress("http://h:8080/"), 0), /Host: h:8080\r\n/);
    assert.match(requestText(parseAddress("https://h:443/"), 0), /Host: h\r\n/);
  });

  test("refuses what it can't use, without showing the query", () => {
    const bad = [
      "",
      "ftp://h/x?Signature=s",
      "http://",
      "http:///x?Signature=s",
      "http://user:secret@h/x?Signature=s",
      "http://[::1]/x?Signature=s",
      "http://h:0/",
      "http://h:65536/?Signature=s",
      "http://h:x/?Signature=s",
      "http://h:1:2/",
      "http://h/a b?Signature=s",
      "http://h/\r\nX: y",
    ];
    for (const text of bad) {
      assert.throws(
        () => parseAddress(text),
        (error: Error) => {
          assert.match(error.message, /^the address /);
          return !/Signature|secret/.test(error.message);
        },
      );
    }
  });

  test("follows redirects to paths and addresses", () => {
    assert.equal(followAddress("http://h:81/a?b", "/c?d"), "http://h:81/c?d");
    assert.equal(followAddress("https://h/a", "/c"), "https://h/c");
    assert.equal(followAddress("https://h/a", "http://g/c?d"), "http://g/c?d");
    assert.throws(() => parseAddress(followAddress("http://h/a", "//g/c")));
    assert.throws(() => parseAddress(followAddress("http://h/a", "c")));
  });
});

describe("response", () => {
  test("is read whatever the case of its fields", () => {
    const head =
      "HTTP/1.0 206 Partial\r\nCONTENT-LENGTH:  12 \r\ncontent-range: bytes 5-16/17\r\n" +
      "Location: http://a:1/b:c\r\nTransfer-Encoding: Chunked\r\nno colon";
    assert.deepEqual(parseResponse(head, head.length), {
      status: 206,
      length: 12,
      from: 5,
      total: 17,
      transferEncoding: "chunked",
      contentEncoding: "",
      location: "http://a:1/b:c",
    });
  });

  test("is refused when it is none of HTTP/1", () => {
    for (const head of ["", "HTTP/2 200", "ICY 200 OK", "HTTP/1.1 OK", "HTTP/1.1 20", "HTTP/1.1"])
      assert.equal(parseResponse(head, head.length), undefined, head);
  });

  test("takes no number for what is none", () => {
    for (const value of ["", "-1", "+5", "0x10", "5 5", "1e3", "5.5", "five"]) {
      const response = parse(`HTTP/1.1 200 OK\r\nContent-Length: ${value}`);
      assert.equal(response?.length, -1, value);
    }
    for (const value of ["bytes */17", "bytes=5-16/17", "items 5-16/17", "bytes -5-16/17"]) {
      const response = parse(`HTTP/1.1 206 Partial\r\nContent-Range: ${value}`);
      assert.equal(response?.from, -1, value);
    }
  });

  test("nothing behind the head counts", () => {
    const head = "HTTP/1.1 200 OK\r\nContent-Length: 5";
    const response = parseResponse(
      `${head}\r\n\r\n\r\nLocation: x\r\nContent-Length: 7`,
      head.length,
    );
    assert.equal(response?.length, 5);
    assert.equal(response?.location, "");
  });

  test("is good only with the wanted body", () => {
    const response = parse("HTTP/1.1 206 Partial\r\nContent-Length: 12");
    assert.ok(response);
    assert.equal(bodyFault(response, 17, 12), "");
    assert.equal(bodyFault(response, 17, 13), "Content-Length is 12: 13 is expected");
    assert.match(bodyFault({ ...response, total: 18 }, 17, 12), /18 bytes: 17 are expected/);
    assert.match(bodyFault({ ...response, contentEncoding: "gzip" }, 17, 12), /gzip/);
  });
});
