function attempt(text) {
  try {
    print(text, JSON.stringify(JSON.parse(text)));
  } catch (e) {
    print(text, e.type, e.message, e instanceof Error);
  }
}
[
  '{"a":1}garbage',
  "[1,2,]",
  "{'a':1}",
  "[0x10,01,1.]",
  "-",
  '"\\x41\\u0042"',
  "true false",
  "/*c*/5",
  '{"a":{"b":[1,{"c":null}]}}',
  "{a:1}",
  "[1,,2]",
  "NaN",
  "Infinity",
  "",
  "[1",
  '{"a":',
  '{"a" 1}',
  "tru",
  '"abc',
  "1e3",
  "-1.5e-2",
  ' {"a" : [ ] } ',
  '{"a":1,}',
].forEach(attempt);
print(
  JSON.stringify([
    0.1 + 0.2,
    1 / 3,
    1e21,
    1e-7,
    100,
    -0.5,
    NaN,
    Infinity,
    123456789.123,
    2147483648,
    1e15,
  ]),
);
print(
  JSON.stringify({
    a: undefined,
    b: () => {},
    c: [undefined, () => {}],
    d: new Uint8Array([1, 2]),
    e: new Date(0),
    f: null,
    g: true,
  }),
);
print(
  JSON.stringify('\x01\x1f\x7f\x80\xff\n\r\t\b\f"\\/\v'),
  JSON.stringify(undefined),
  JSON.stringify(null),
);
var c = { x: 1 };
c.self = c;
print(JSON.stringify(c));
print(JSON.stringify({ a: [1, { b: 2 }], c: {}, d: [] }, null, 2));
print(JSON.stringify({ a: 1, b: 2 }, ["a"]), JSON.stringify({ toJSON: () => ({ z: 1 }) }));
print(JSON.parse('{"a":1,"b":2}', () => 9).b);
print(
  JSON.stringify({
    get a() {
      return 1;
    },
    b: 2,
  }),
);
print("#END");
