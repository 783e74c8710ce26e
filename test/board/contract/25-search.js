// Searching a text: a mere beginning of what is sought also counts at the text's end.
print("ab\r".indexOf("\r\n"), "ab\r".includes("\r\n"), "xxa".indexOf("abc"), "a".indexOf("abc"));
print("host.example.io".includes(".iot-as."), "abc".includes("cd"), "abc".includes("bcd", 2));
print("xabxab".indexOf("ab", 2), "xab".indexOf("ab", 9), "aab".indexOf("ba", 9), "aab".indexOf("b", 9));
print("abc".indexOf(""), "".indexOf(""), "abc".indexOf("", 3), "abc".indexOf("b", -5), "abc".indexOf("c", "1"));
print("ab\r".lastIndexOf("\r\n"), "abab".lastIndexOf("ab"), "aba".lastIndexOf("ab"), "abc".lastIndexOf("a", -1));
print("abc".lastIndexOf(""), "".lastIndexOf(""), "abab".lastIndexOf("ab", 1), "x5".indexOf(5), "nu".indexOf(null));
print("abc".startsWith("abcd"), "bc".endsWith("abc"), "abc".endsWith("ab", 2), "abc".endsWith("abc", 9));
print("abc".startsWith("bc", 1), "abc".startsWith("ab", -1), "abc".startsWith("", 3), "abc".endsWith(""));
print(JSON.stringify("ab\r".replace("\r\n", "!")), "aXbX".replace("X", "$&y"), "aXbX".replaceAll("X", "-"));
print("xab".replaceAll("bc", "_"), "abab".replaceAll("ab", "c"), "abc".replace("z", "-"), "a1".replace(1, 2));
print("abc".replace("b", function () { return "f"; }).length > 9);
print(JSON.stringify("a\r\nb\r".split("\r\n")), JSON.stringify("a".split("bcd")), JSON.stringify("ab".split("bcd")));
print(JSON.stringify("".split("\r\n")), JSON.stringify("".split(",")), JSON.stringify("".split("")));
print(JSON.stringify("abc".split("")), JSON.stringify("abc".split()), JSON.stringify("a,b,".split(",")));
print(JSON.stringify("anullb".split(null)), JSON.stringify("a,b,c".split(",", 2)));
var m = "xabc".match("bc");
print(m[0], m.index, m.input, m.length, "xabc".match("z"), "xabc".match(), "xab".match("bc").index);
print("#END");
