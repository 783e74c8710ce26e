var log = [], incoming = ["", "hello", "world"], sent = "";
require("NetworkJS").create({
  create: function (host, port, type, options) { print("create", host, port, type & 3); return host === "refuse" ? -1 : 5; },
  close: function (id) { print("close", id); },
  accept: function () { return -1; },
  recv: function (id, max, type) { if (max !== 536) print("max", max); return incoming.length ? incoming.shift() : (sent.length >= 600 ? -1 : ""); },
  send: function (id, data) { var n = Math.min(data.length, 100); sent += data.substr(0, n); return n; },
});
var s = require("net").connect({ host: "any.name", port: 7 }, function () { print("connect"); });
s.on("data", function (d) { print("data", d); });
s.on("end", function () { print("end"); });
s.on("close", function (bad) {
  print("close event", bad, sent.length);
  try { require("net").connect({ host: "refuse", port: 1 }); } catch (e) { print(e.type, e.message); }
  require("NetworkJS").create({ create: function () { throw new Error("x"); }, recv: function () { return -7; }, send: function () { return 0; }, close: function (id) { print("closed", id); }, accept: function () { return -1; } });
  var t = require("net").connect({ host: "throws", port: 1 });
  t.on("error", function (e) { print("error", e.code, e.message); });
  t.on("close", function (bad) { print("closed with", bad); print("#END"); });
});
s.write(new Array(601).join("x"));
