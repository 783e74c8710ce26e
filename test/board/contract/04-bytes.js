// Strings from Storage and sockets hold bytes.
var S = require("Storage");
S.write("bytes", E.toString([0, 65, 127, 128, 255]));
var s = S.read("bytes");
print(s.length, s.charCodeAt(0), s.charCodeAt(3), s.charCodeAt(4));
print(E.toUint8Array(s), E.toUint8Array("ab", [1, 2], 3), E.toString([65, 66], "c", 68));
print(E.toString(["ab", "cd"]), E.toString(["ab", ["c", 68]]), E.toString(["a"]).length);
print(E.toUint8Array({ data: "ab", count: 2 }), btoa(s), atob("AAF/gP8=").length);
print(JSON.stringify(s), E.CRC32("abc"), E.toArrayBuffer("ab"));
print("\x00\xff".length, E.toString("x") === "x", String.fromCharCode(65, 66));
try {
  atob(5);
} catch (e) {
  print(e.type, e.message);
}
print("#END");
