var log = [],
  incoming = ["", "hello", "world"],
  sent = "";
require("NetworkJS").create({
  create: (host, port, type, options) => {
    print("create", host, port, type & 3);
    return host === "refuse" ? -1 : 5;
  },
  close: (id) => {
    print("close", id);
  },
  accept: () => -1,
  recv: (id, max, type) => {
    if (max !== 536) print("max", max);
    return incoming.length ? incoming.shift() : sent.length >= 600 ? -1 : "";
  },
  send: (id, data) => {
    var n = Math.min(data.length, 100);
    sent += data.substr(0, n);
    return n;
  },
});
var s = require("net").connect({ host: "any.name", port: 7 }, () => {
  print("connect");
});
s.on("data", (d) => {
  print("data", d);
});
s.on("end", () => {
  print("end");
});
s.on("close", (bad) => {
  print("close event", bad, sent.length);
  try {
    require("net").connect({ host: "refuse", port: 1 });
  } catch (e) {
    print(e.type, e.message);
  }
  require("NetworkJS").create({
    create: () => {
      throw new Error("x");
    },
    recv: () => -7,
    send: () => 0,
    close: (id) => {
      print("closed", id);
    },
    accept: () => -1,
  });
  var t = require("net").connect({ host: "throws", port: 1 });
  t.on("error", (e) => {
    print("error", e.code, e.message);
  });
  t.on("close", (bad) => {
    print("closed with", bad);
    print("#END");
  });
});
s.write(new Array(601).join("x"));
