var c = require("crypto");
function hex(b) {
  return new Uint8Array(b).map((x) => x).join();
}
print(
  hex(c.SHA1("abc")),
  hex(c.SHA256("abc")),
  c.SHA512("").byteLength,
  c.SHA224("a").byteLength,
  c.SHA384("a").byteLength,
);
print(
  c.SHA256("abc") instanceof ArrayBuffer,
  c.SHA256(undefined),
  hex(c.SHA1(5)) === hex(c.SHA1("5")),
  typeof c.MD5,
  typeof c.HMAC,
);
print(
  hex(c.SHA1(new Uint8Array([97, 98, 99]))) === hex(c.SHA1("abc")),
  hex(c.SHA1([97, 98, 99])) === hex(c.SHA1("abc")),
  hex(c.SHA1(new Uint8Array([97, 98, 99]).buffer)) === hex(c.SHA1("abc")),
);
require("Storage").write("img", "abc");
print(hex(c.SHA256(require("Storage").read("img"))) === hex(c.SHA256("abc")));
var key = "0123456789abcdef",
  iv = "fedcba9876543210",
  text = "sixteen bytes...";
["CBC", "ECB"].forEach((mode) => {
  var sealed = c.AES.encrypt(text, key, { iv: iv, mode: mode });
  print(mode, hex(sealed), E.toString(c.AES.decrypt(sealed, key, { iv: iv, mode: mode })));
});
print(c.AES.encrypt("short", key), c.AES.encrypt(text, "badkey"));
print(
  hex(c.PBKDF2("password", "salt", { keySize: 256 / 32, iterations: 10 })),
  hex(c.PBKDF2("password", "salt", { keySize: 128 / 32, iterations: 2, hasher: "SHA256" })),
);
print("#END");
