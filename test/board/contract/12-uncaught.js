require("Storage").write("badmod", "throw new Error('in module')");
setTimeout(function () { throw new Error("error"); }, 10);
setTimeout(function () { throw "text"; }, 20);
setTimeout(function () { nothere(); }, 30);
setTimeout(function () { Promise.reject("why"); }, 40);
setTimeout(function () { Promise.reject("handled").catch(function () {}); }, 50);
setTimeout(function () { try { require("badmod"); } catch (e) { print("caught"); } print("not reached"); }, 60);
setTimeout(function () {
  process.on("uncaughtException", function (e) { print("handler", typeof e === "string" ? e : e.message); });
  setTimeout(function () { throw new Error("one"); }, 10);
  setTimeout(function () { throw "two"; }, 20);
  setTimeout(function () { print("#END"); }, 40);
}, 80);
