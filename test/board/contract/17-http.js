var server_log = [];
function log() { server_log.push([].slice.call(arguments).join(" ")); }
var http = require("http"),
  port = PORT;
var server = http.createServer((req, res) => {
  log("request", req.method, req.url, req.headers.Host || req.headers.host);
  var body = "";
  req.on("data", (d) => {
    body += d;
  });
  req.on("end", () => {
    log("request end", body);
  });
  res.writeHead(201, { "Content-Length": 5, "X-Y": "z" });
  res.end("hello");
});
server.listen(port);
http.get("http://127.0.0.1:" + port + "/path?a=b", (res) => {
  print(typeof res.statusCode, res.statusCode, res.headers["X-Y"]);
  var text = "";
  res.on("data", (d) => {
    text += d;
  });
  res.on("end", () => {
    print("end", text);
  });
  res.on("close", (bad) => {
    print("close", bad);
    var r = http.request(
      {
        host: "127.0.0.1",
        port: port,
        path: "/post",
        method: "POST",
        headers: { "Content-Length": 4 },
      },
      (res) => {
        res.on("data", (d) => {
          print("data", d);
        });
        res.on("close", () => {
          print("posted", server_log.join(";"));
          server.close();
          print("#END");
        });
      },
    );
    r.end("body");
  });
});
try {
  http.get("http://127.0.0.1:1/", () => {});
} catch (e) {
  print(e.type, e.message);
}
print(JSON.stringify(url.parse("http://u:p@h.com:81/a/b?x=1&y=%20z#f", true)));
print(JSON.stringify(url.parse("/only/path")), JSON.stringify(url.parse("https://host.name")));
