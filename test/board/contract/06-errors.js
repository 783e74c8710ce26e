function attempt(code) {
  try {
    print(code, eval(code));
  } catch (e) {
    print(code, "->", e.type, "|", e.message, "|", e instanceof Error, e.name === undefined);
  }
}
[
  "null.x",
  "var u;u.x",
  "var u;u.x=1",
  "var u;u.x()",
  "nothere",
  "nothere()",
  "var q={};q.foo()",
  "var q;q()",
  "const k=1;k=2",
  "new Nothing()",
  "throw new Error('e')",
  "throw new TypeError('t')",
  "throw new SyntaxError('s')",
  "throw new ReferenceError('r')",
  "throw Error('plain')",
  "[].reduce(function(){})",
  "JSON.parse('x')",
  "require('nomodule')",
  "'abc'.foo()",
  "[].length=1",
  "Object.create({},{})",
  "setTimeout(5)",
  "({}).on('x',5)",
].forEach(attempt);
var e = new TypeError("text");
print("" + e, e.toString(), Object.keys(e).join(), JSON.stringify({ m: e.message }));
try {
  throw "text";
} catch (t) {
  print(typeof t, t);
}
function Mine(m) {
  this.message = m;
}
Mine.prototype = Object.create(Error.prototype);
Mine.prototype.constructor = Mine;
var m = new Mine("own");
print(m instanceof Mine, m instanceof Error, m.message, m.stack);
print(typeof new Error("x").stack, Error("a") instanceof Error);
(() => {
  try {
    return;
  } finally {
    print("finally");
  }
})();
print("#END");
