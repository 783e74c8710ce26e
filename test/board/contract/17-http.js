var http = require("http"), port = PORT;
var server = http.createServer(function (req, res) {
  print("request", req.method, req.url, req.headers.Host || req.headers.host);
  var body = "";
  req.on("data", function (d) { body += d; });
  req.on("end", function () { print("request end", body); });
  res.writeHead(201, { "Content-Length": 5, "X-Y": "z" });
  res.end("hello");
});
server.listen(port);
http.get("http://127.0.0.1:" + port + "/path?a=b", function (res) {
  print(typeof res.statusCode, res.statusCode, res.headers["X-Y"]);
  var text = "";
  res.on("data", function (d) { text += d; });
  res.on("end", function () { print("end", text); });
  res.on("close", function (bad) {
    print("close", bad);
    var r = http.request({ host: "127.0.0.1", port: port, path: "/post", method: "POST", headers: { "Content-Length": 4 } }, function (res) {
      res.on("data", function (d) { print("data", d); });
      res.on("close", function () { print("posted"); server.close(); print("#END"); });
    });
    r.end("body");
  });
});
try { http.get("http://127.0.0.1:1/", function () {}); } catch (e) { print(e.type, e.message); }
print(JSON.stringify(url.parse("http://u:p@h.com:81/a/b?x=1&y=%20z#f", true)));
print(JSON.stringify(url.parse("/only/path")), JSON.stringify(url.parse("https://host.name")));
