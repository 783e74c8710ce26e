// Regular expressions: what they are, what matches, what only looks like an expression.
function show(m) { return m ? JSON.stringify(m) + " " + m.index : "" + m; }
function run(list, text) {
  print(list.map(function (r) { return show(r.exec(text)); }).join(" "));
}
var r = /a\/b/gi;
print(typeof r, r.source, r.flags, r.lastIndex, r.global, r + "", /x/.flags, r instanceof RegExp);
print(Object.keys(/ab$/).join(), Object.keys(/a/.exec("a")).join(), RegExp("a").test("ba"), new RegExp("A", "i").test("a"));
try { RegExp(5); } catch (e) { print(e.type, e.message); }
try { /(a)\1/.test("aa"); } catch (e) { print(e.type, e.message); }
try { new RegExp("[a").test("b"); } catch (e) { print(e.type, e.message); }
run([/b(c)(d)/, /x/, /^a/, /^b/, /d$/, /a.c/, /a*/, /d*$/, /z*/], "abcd");
run([/[a-c]+/, /[^a-c]+/, /[b.]/, /[-c]/, /[\d-]/, /[^x]+$/, /\w+/, /\W/, /\s/, /\S+/], "12 bc-.");
run([/ab?c/, /colou?r/, /a{2}/, /(ab)+/, /(ab)*c/, /a+?/, /(?:a)/, /\bab/, /(?=a)/], "aab?c{2}a{2}?+)+");
run([/a|b/, /^b|c/, /x(a|b)y/, /(a)|(b)/, /(x|b)c/, /b$|c/, /xa|bc/], "xbyabc");
run([/a+b/, /a*b/, /a.*b/, /.*/, /[^a]+/, /a*$/, /.+b/, /(a*)(b*)/], "aaabab");
run([/\x41/, /\t/, /\./, /\\/, /\$/, /[\]]/, /[\x41-\x43]+/, /[A-Ca-]+/], "A\t.\\$]BCa-");
run([/B/i, /[B-D]+/i, /[^B]/i, /b$/i, /\x42/i, /B$/], "abcdb");
run([/$/, /a$/, /^$/, /^/, /.*$/, /\.js$/, /[^a]/], "");
run([/$/, /\.js$/, /c?s$/, /.s$/, /(s)$/, /s$|x/], "a.jc?s");
var g = /a/g;
print(g.test("aXa"), g.lastIndex, g.test("aXa"), g.lastIndex, g.test("aXa"), g.lastIndex, show(g.exec("ba")));
var n = /a/;
n.lastIndex = 1;
print(n.test("ab"), n.lastIndex, n.test("ab"));
n.lastIndex = 9;
print(n.exec("a"), n.lastIndex, n.test("a"));
print(JSON.stringify("aXbXc".match(/X/g)), JSON.stringify("abc".match(/x/g)), "abc".match(/x/), show("abc".match(/b(c)/)));
print(JSON.stringify("aab".match(/a*/g)), JSON.stringify("ab,c".match(/$/g)), JSON.stringify("a1b22".match(/\d+/g)));
print("aXbX".replace(/X/, "-"), "aXbX".replace(/X/g, "[$&]"), "aXbX".replaceAll(/X/, "_"), "abc".replace(/(b)(c)/, "$2$1$3$$x"));
print("abc".replace(/b/g, function (m, i, s) { return m + i + s; }), "k=v;l=w".replace(/(\w)=(\w)/g, function (m, a, b) { return b + a; }));
print("abc".replace(/x*/g, "-"), "abc".replace(/b/), "aaa".replace(/a$/g, "b"), "a.b.c".replace(/\./g, ""));
print(JSON.stringify("a1b22c".split(/\d+/)), JSON.stringify("a,b".split(/,/g)), JSON.stringify("abc".split(/x/)), JSON.stringify(",a,".split(/,/)));
print("#END");
