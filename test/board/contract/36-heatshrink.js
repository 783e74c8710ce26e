var h = require("heatshrink");
var packed = atob("tFltlst8gAqP/gAIFD/4f/D/4f/D/4f/D/4f/D/4ffA=");
var a = h.decompress(packed);
print(typeof a, a.byteLength, a instanceof ArrayBuffer);
var s = E.toString(a);
print(typeof s, s.length, JSON.stringify(s.substr(0, 40)));
print(E.toString(h.decompress(new Uint8Array(E.toArrayBuffer(packed)))) === s);
print("#END");
