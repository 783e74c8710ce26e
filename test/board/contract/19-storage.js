var S = require("Storage");
function attempt(f) {
  try {
    print(f());
  } catch (e) {
    print(e.type, e.message);
  }
}
S.eraseAll();
attempt(() => S.write("a", ""));
attempt(() => S.write("a", "xxx", 5, 3));
attempt(() => S.write("a", "abc", 0, 10));
attempt(() => S.write("a", "zz", 1));
attempt(() => S.write("a", "12345678901", 3));
attempt(() => S.write("a", "def", 3));
print(
  JSON.stringify(S.read("a")),
  S.read("a", 3, 3),
  S.read("a", -1, 2),
  S.read("a", 20, 5),
  S.read("nope"),
);
print(S.getStats(), S.getFree());
S.write("same", "content");
var free = S.getFree();
S.write("same", "content");
print(free === S.getFree());
S.write("same", "CONTENT");
print(free - S.getFree(), S.getStats());
attempt(() => S.write("abcdefghijklmnopqrstuvwxyz0123456789", "x"));
print(S.list(), S.read("abcdefghijklmnopqrstuvwxyz01"), S.list(/^a/), S.list("same"));
attempt(() => S.write("big", "x", 0, 300000));
attempt(() => S.write("obj", { x: 1 }));
print(S.read("obj"));
attempt(() => S.write("arr", [65, 66]));
print(S.read("arr"));
attempt(() => S.writeJSON("j", { a: 1, b: "\xe4x", c: [1.5, null] }));
print(S.read("j"), S.readJSON("j"));
print(S.readJSON("a", true), S.readJSON("nope"));
S.erase("j");
S.erase("never");
print(S.read("j"), typeof S.hash("a"), new Uint8Array(S.readArrayBuffer("arr")));
var f = S.open("log", "w");
f.write("hello\n");
f.write("line2\nrest");
f = S.open("log", "r");
print(
  JSON.stringify([
    f.readLine(),
    f.read(3),
    f.getLength(),
    f.readLine(),
    f.readLine(),
    f.readLine(),
    f.read(5),
  ]),
);
attempt(() => f.write("x"));
attempt(() => S.open("x", "q"));
print(
  JSON.stringify(S.list(undefined, { sf: true })),
  JSON.stringify(S.list(undefined, { sf: false })),
);
f = S.open("log", "a");
f.write("more");
f = S.open("log", "r");
print(f.read(100));
f.erase();
print(S.list(undefined, { sf: true }));
f = S.open("long", "w");
for (var i = 0; i < 300; i++) f.write("0123456789");
f = S.open("long", "r");
print(f.getLength(), f.read(3000).length, S.list(undefined, { sf: true }));
print("#END");
