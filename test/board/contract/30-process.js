var m = process.memory();
print(
  Object.keys(m).join(),
  m.free + m.usage === m.total,
  typeof m.blocksize,
  Object.keys(process.memory(false)).length > 5,
);
print(
  Object.keys(process.env)
    .filter((k) => k !== "SPIFLASH")
    .join(),
  process.env.VERSION.indexOf("2v"),
  process.env.MODULES.indexOf("Storage") >= 0,
);
print(E.getErrorFlags(), E.getFlags(), typeof getSerial(), process.env.SERIAL === getSerial());
E.setFlags({ unsafeFlash: 1 });
print(E.getFlags().unsafeFlash);
E.setFlags({ unsafeFlash: 0 });
print(E.getSizeOf(1), E.getSizeOf("abc"), E.getSizeOf([]) <= E.getSizeOf([1, 2]));
print(
  E.clip(5, 1, 3),
  E.sum([1, 2, 3]),
  typeof E.hwRand(),
  E.reverseByte(1),
  E.convolve([1, 2], [3, 4], 0),
  E.lookupNoCase({ Ab: 5 }, "ab"),
);
print(typeof E.getConsole(), E.getConsole());
print("#END");
