// Boot files, kill and init, what reset and load keep.
var S = require("Storage");
if (!S.read("stage")) {
  S.write("stage", "1");
  [".boot1", ".boot2", ".bootcde"].forEach((name) => {
    S.write(name, "print('" + name + "', typeof kept);");
  });
  S.write(".boot3", "print('.boot3');throw new Error('in boot3')");
  S.write("file", "print('file', __FILE__, typeof kept); setTimeout(function(){print('#END')},50)");
  kept = 1;
  E.on("kill", () => {
    print("kill");
  });
  setTimeout(() => {
    print("never");
  }, 60);
  print("before");
  reset();
  print("still running");
} else if (S.read("stage") === "1") {
  S.write("stage", "2");
  E.on("init", () => {
    print("init");
  });
  print("after reset", typeof kept);
  setTimeout(() => {
    kept = 2;
    load();
  }, 20);
} else if (S.read("stage") === "2") {
  S.write("stage", "3");
  print("after load", typeof kept);
  setTimeout(() => {
    load("file");
  }, 20);
} else print("last");
