setTimeout(function () {
  setTimeout(function () { print("timer"); }, 0);
  Promise.resolve(1).then(function () { print("promise"); });
  var o = {}; o.on("x", function () { print("emit"); }); o.emit("x");
  new Promise(function (resolve) { print("executor"); resolve(2); }).then(function (v) { print("then", v); return 3; }).then(function (v) { print("then", v); });
  Promise.reject(new Error("no")).catch(function (e) { print("catch", e.message); return 4; }).then(function (v) { print("after catch", v); });
  Promise.all([1, Promise.resolve(2)]).then(function (v) { print("all", v); });
  Promise.all([]).then(function (v) { print("all none", v.length); });
  new Promise(function () { throw new Error("thrown"); }).then(0, function (e) { print("rejected", e.message); });
  Promise.resolve(Promise.resolve(7)).then(function (v) { print("adopted", v); });
  Promise.resolve({ then: function (ok) { ok(8); } }).then(function (v) { print("thenable", v); });
  print("sync");
}, 10);
setTimeout(function () { print("#END"); }, 100);
