var s = require("Storage");
s.write("view", "abcd", 0, 64);
var buffer = s.readArrayBuffer("view");
var bytes = new Uint8Array(buffer);
print(bytes.length, bytes[0], bytes[4], bytes[7]);
s.write("view", "efgh", 4);
print(bytes[0], bytes[4], bytes[7], bytes[8]);
print("#END");
