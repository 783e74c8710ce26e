// Bytes that stand for operators and reserved words in code.
var store = require("Storage");
function run(code) {
  store.write("tokens", code);
  return eval(store.read("tokens"));
}
// Each of them, as the console prints it.
var all = "";
for (var byte = 128; byte < 256; byte++) if (byte < 209 || byte > 213) all += String.fromCharCode(byte);
print(run("(\xaa(){'" + all + "'})"));
var tokens = run(
  "\xac tokens=\xaa(a,b){\xac c=[];\xa7(\xac i\xb9a){\xa3(b\x8b2\x9ea\x8c3)c.push(i);\xa4c.push(\xbfb)}" +
    "\xab c+none};/*what is short has no place in a file on the virtual board*/tokens",
);
print(tokens);
try {
  tokens([1, 2], 2);
} catch (e) {
  print(e.message, e.stack.split("\n")[0]);
}
try {
  tokens("a", "b");
} catch (e) {
  print(e.message, e.stack.split("\n")[0]);
}
// Names of members may be tokens, but for catch; texts and patterns hold bytes.
print(run("({\xb8:1,\xa7:'\xa7\xb8'}).\xa7.length"));
print(run("\xb6\x8b\xb7"), run("/\\xab/.test('\xab')"), run("4/2/\xb4"), run("(\xaa(){\xab 5})")());
print(run("(\xaa(a){\xa3(a)\xab$a;\xab'b'})"));
print("#END");
