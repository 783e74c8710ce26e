var net = require("net");
try {
  net.connect({ host: "127.0.0.1", port: 1 }, () => {
    print("connected");
  });
} catch (e) {
  print(e.type, e.message);
}
try {
  net.connect({ host: "no.such.host.invalid", port: 1 });
} catch (e) {
  print(e.type, e.message);
}
setTimeout(() => {
  print("#END");
}, 50);
