setTimeout(() => {
  setTimeout(() => {
    print("timer");
  }, 0);
  Promise.resolve(1).then(() => {
    print("promise");
  });
  var o = {};
  o.on("x", () => {
    print("emit");
  });
  o.emit("x");
  new Promise((resolve) => {
    print("executor");
    resolve(2);
  })
    .then((v) => {
      print("then", v);
      return 3;
    })
    .then((v) => {
      print("then", v);
    });
  Promise.reject(new Error("no"))
    .catch((e) => {
      print("catch", e.message);
      return 4;
    })
    .then((v) => {
      print("after catch", v);
    });
  Promise.all([1, Promise.resolve(2)]).then((v) => {
    print("all", v);
  });
  Promise.all([]).then((v) => {
    print("all none", v.length);
  });
  new Promise(() => {
    throw new Error("thrown");
  }).then(0, (e) => {
    print("rejected", e.message);
  });
  Promise.resolve(Promise.resolve(7)).then((v) => {
    print("adopted", v);
  });
  Promise.resolve({
    then: (ok) => {
      ok(8);
    },
  }).then((v) => {
    print("thenable", v);
  });
  print("sync");
}, 10);
setTimeout(() => {
  print("#END");
}, 100);
