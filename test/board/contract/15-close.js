var net = require("net"),
  port = PORT;
var server = net.createServer((c) => {
  c.write("hello");
  c.on("data", (d) => {
    print("server data", d);
    c.end("bye");
  });
});
server.listen(port);
var s = net.connect({ host: "127.0.0.1", port: port });
s.write("early");
var text = "";
s.on("data", (d) => {
  text += d;
});
s.on("end", () => {
  print("end");
});
s.on("close", (bad) => {
  print("close", bad, text);
  try {
    s.write("x");
  } catch (e) {
    print(e.type, e.message);
  }
  try {
    s.end();
  } catch (e) {
    print(e.type, e.message);
  }
  server.close();
  setTimeout(() => {
    print("#END");
  }, 20);
});
