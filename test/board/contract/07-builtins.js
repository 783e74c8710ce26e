print(
  new Date("rubbish").getTime(),
  new Date(NaN).getTime(),
  new Date(1e12).toISOString(),
  new Date("2020-01-02T03:04:05Z").getTime(),
  Date.now() % 1 !== 0,
);
print(
  new Date("Thu, 01 Jan 2015 10:00:00 GMT").getTime(),
  new Date("2015-01-01T10:00:00+0800").getTime(),
  new Date(2000, 1, 2).getTime(),
  typeof Date.now(),
);
print(
  [3, 1, 2].sort(),
  [1, 10, 9].sort(),
  [1, 10, 9].sort((a, b) => a > b),
  [5, 4, 1].sort((a, b) => a - b),
);
try {
  [1, 2].length = 0;
  print("set");
} catch (e) {
  print(e.type, e.message);
}
print(Math.random(), Math.random());
E.srand(5);
print(Math.random(), Math.randInt(1000));
E.srand(1);
print(Math.random());
print(
  0.1 + 0.2 + "",
  1 / 3 + "",
  "x" + 0.1 * 3,
  [0.1 + 0.2] + "",
  1e21 + "",
  1e-7 + "",
  1.5 + "",
  Math.PI + "",
  1e15 + 0.5 + "",
  -1 / 3 + "",
);
print(
  new Date(5) + "",
  {} + "",
  new Error("q") + "",
  null + "",
  undefined + "x",
  [1, [2, 3]] + "",
  true + 1,
  "5" * "2",
  1 + null,
);
print(
  parseInt("12px"),
  parseInt(""),
  parseFloat("1.5x"),
  Number("0x10"),
  Number(" 5 "),
  Number(""),
  Number(null),
  (255).toString(16),
  (1.005).toFixed(2),
);
print(
  "a,b,c".split(","),
  "xax".replace("a", "b"),
  "abc".replace(/b/, (m) => "[" + m + "]"),
  "abc".substr(-2),
  "abc"[1],
);
print(
  "abc".indexOf("c"),
  "abc".padStart(5, "-"),
  " a ".trim(),
  "aXbX".replace(/X/g, "-"),
  "a-b".toUpperCase(),
  "abc".slice(-2),
  "x".repeat(3),
);
print(
  [1, 2, 3].map((x) => x * 2),
  [1, 2, 3, 4].filter((x) => x & 1),
  [1, 2, 3].reduce((a, b) => a + b, 0),
);
print(
  [1, 2, 3].splice(1, 1),
  [1, 2, 3].indexOf(2),
  [1, [2, 3]].concat([4]),
  [1, 2].join("-"),
  Array.isArray([]),
  [1, 2, 3].includes(2),
  [3, 4].find((x) => x > 3),
);
print(
  new Uint8Array([300, -1]),
  new Uint8ClampedArray([300, -1]),
  new Uint16Array(2),
  new Uint8Array(new Uint8Array([1, 2]).buffer, 1, 1),
  new Uint8Array([1])[5],
);
print(
  typeof Function,
  new Function("a", "b", "return a+b")(1, 2),
  eval("1+1"),
  (() => {
    var x = 3;
    return eval("x+1");
  })(),
);
print(
  Math.clip(9, 1, 5),
  Math.wrap(-1, 5),
  Math.round(2.5),
  Math.pow(2, 10),
  7 % 3,
  (5 / 2) | 0,
  1 << 31,
  -1 >>> 0,
);
print(
  encodeURIComponent("a b&c"),
  decodeURIComponent("a%20b"),
  isNaN("x"),
  isFinite(1 / 0),
  typeof null,
  void 0,
);
print("#END");
