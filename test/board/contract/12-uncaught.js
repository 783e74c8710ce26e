require("Storage").write("badmod", "throw new Error('in module')");
function handled(e) { print("handler", typeof e === "string" ? e : e.message); }
var steps = [
  function () { throw new Error("error"); },
  function () { throw "text"; },
  function () { nothere(); },
  function () { Promise.reject("why"); },
  function () { Promise.reject("handled").catch(function () {}); },
  function () {
    try { require("badmod"); } catch (e) { print("caught"); }
    print("reached");
  },
  function () { process.on("uncaughtException", handled); throw new Error("one"); },
  function () { throw "two"; },
  function () { process.removeListener("uncaughtException", handled); throw "three"; },
  function () { print("#END"); },
];
function next() {
  var step = steps.shift();
  if (steps.length) setTimeout(next, 20);
  step();
}
setTimeout(next, 10);
