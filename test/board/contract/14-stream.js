// 536 bytes a turn, write false, drain when empty.
var net = require("net"),
  port = PORT,
  received = [],
  total = 0;
var server = net.createServer((c) => {
  c.on("data", (d) => {
    received.push(d.length);
    total += d.length;
  });
  c.on("close", () => {
    print("total", total, "largest", Math.max.apply(null, received) <= 536 ? "<=536" : "more");
    server.close();
    print("#END");
  });
});
server.listen(port);
var drains = 0;
var s = net.connect({ host: "127.0.0.1", port: port }, (c) => {
  print("connect", c === s);
  print("write", c.write(new Array(2001).join("x")), c.write("y"));
});
s.on("drain", () => {
  if (++drains === 2) {
    print("drained");
    s.end();
  }
});
s.on("end", () => {
  print("end");
});
s.on("close", (bad) => {
  print("close", bad);
});
s.on("error", (e) => {
  print("error", e.code);
});
print(Object.keys(s).join());
