var root = global["\xff"],
  taken = "",
  own;
function kind() {
  return E.toUint8Array(root.net).join();
}
function driver(name) {
  return {
    create: (host) => {
      print(name, "create", host);
      return 7;
    },
    recv: (id) => "",
    send: (id, data) => {
      taken += data;
      return data.length;
    },
    close: (id) => {
      print(name, "close", id);
    },
    accept: () => -1,
  };
}
function connect(name, host, port, then) {
  var s = require("net").connect({ host: host, port: port }, () => {
    print(name, "connect");
    s.write(name);
    if (then) then(s);
  });
  s.on("data", (d) => {
    print(name, "data", d);
  });
  s.on("close", (bad) => {
    print(name, "close event", bad);
  });
  return s;
}
function drop(done) {
  var left = 0;
  for (var key in root.HttpCC) {
    root.HttpCC[key].clsNow = true;
    left++;
  }
  print("open", left);
  if (left) setTimeout(drop, 20, done);
  else done();
}
var server = require("net").createServer((c) => {
  c.on("data", (d) => {
    c.write("own got " + d);
  });
});
server.listen(PORT);
print(typeof root, "\xff" in global, Object.keys(global).indexOf("\xff"), typeof root.JSN);
setTimeout(() => {
  own = root.net;
  print(kind());
  require("NetworkJS").create(driver("a"));
  print(kind(), typeof root.JSN);
  connect("first", "some.name", 1);
  setTimeout(() => {
    print("taken", taken);
    drop(() => {
      root.net = own;
      delete root.JSN;
      print(kind());
      var s = connect("second", "127.0.0.1", PORT, () => {
        setTimeout(() => {
          // What is not sent is lost, without an error.
          s.write("never sent");
          drop(() => {
            require("NetworkJS").create(driver("b"));
            connect("third", "other.name", 1);
            setTimeout(() => {
              drop(() => {
                delete root.net;
                setTimeout(() => {
                  print(kind());
                  connect("fourth", "127.0.0.1", PORT, (s) => {
                    s.on("data", () => {
                      s.end();
                    });
                    s.on("close", () => {
                      print("#END");
                    });
                  });
                }, 20);
              });
            }, 20);
          });
        }, 50);
      });
    });
  }, 20);
}, 50);
