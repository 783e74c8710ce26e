var F = require("Flash"),
  end = 0x10000000 + 256 * 1024,
  page = end - 1024;
print(F.getFree(), F.getPage(page + 5), F.getPage(5), F.getPage(end));
F.erasePage(page);
F.write("\xf0\x0f", page + 1);
F.write("\x3c\xff\x01", page + 1);
print(F.read(8, page));
F.write(new Uint8Array([1, 2, 3, 4, 5]), page + 16);
print(F.read(8, page + 15));
F.write([9, 8], page + 32);
print(F.read(4, page + 31));
try {
  F.erasePage([page]);
} catch (e) {
  print(e.type, e.message);
}
print(
  F.erasePage(5),
  F.write("x", 5),
  typeof F.read(2, end - 1),
  F.read(2, page) instanceof Uint8Array,
);
print("#END");
