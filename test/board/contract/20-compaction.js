var S = require("Storage"),
  text = new Array(2001).join("d");
S.eraseAll();
S.write("keep", "kept " + text);
for (var i = 0; i < 115; i++) S.write("f", i + text);
S.write("second", "s" + text);
print(S.getStats());
for (i = 0; i < 40; i++) S.write("f", i + text);
print(S.getStats(), S.list(), S.read("keep").length, S.read("f", 0, 3), S.read("second", 0, 2));
S.erase("keep");
S.compact();
print(S.getStats(), S.list());
S.compact();
print("#END");
