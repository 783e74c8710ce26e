var o = {};
print(
  o.on("x", function (a, b) {
    print("first", a, b, this === o);
  }),
);
o.on("x", () => {
  print("second");
  throw new Error("in second");
});
o.on("x", () => {
  print("third");
});
o.prependListener("x", () => {
  print("zeroth");
});
print(o.emit("x", 1, 2));
print("sync");
print(Object.keys(o).join(), JSON.stringify({ n: Object.keys(o).length }));
var removed = () => {
  print("removed");
};
o.on("y", removed);
o.emit("y");
o.removeListener("y", removed);
var q = {};
q.emit("z");
q.on("z", () => {
  print("never");
});
var r = {};
r.on("z", function () {
  print("r", arguments.length);
});
r.emit("z");
r.removeAllListeners("z");
var late = {};
late.on("z", () => {
  print("early");
});
late.emit("z");
late.on("z", () => {
  print("late");
});
print(typeof o.once, typeof o.off, typeof o.listeners);
process.on("uncaughtException", (e) => {
  print("uncaught", e.message);
});
setTimeout(() => {
  print("#END");
}, 20);
