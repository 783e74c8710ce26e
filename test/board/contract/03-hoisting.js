// A function exists only after its declaration was executed.
function attempt(name, f) {
  try { print(name, f()); } catch (e) { print(name, "threw"); }
}
attempt("before", function () { return h(); function h() { return 1; } });
attempt("after", function () { function h() { return 2; } return h(); });
attempt("typeof", function () { var t = typeof h; function h() {} return t; });
attempt("twice", function () { function d() { return 1; } function d() { return 2; } return d(); });
attempt("inner name", function () { function n(k) { return k ? n(k - 1) : "done"; } return n(3); });
attempt("late", function () { function a() { return b(); } function b() { return 3; } return a(); });
attempt("named", function () { var f = function inner(k) { return k ? inner(k - 1) : "in"; }; return f(2); });
print(typeof later);
function later() {}
print(typeof later);
print("#END");
