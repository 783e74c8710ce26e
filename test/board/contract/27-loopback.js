LoopbackA.setup(9600);
LoopbackB.setup(9600);
var got = "";
LoopbackB.on("data", (d) => {
  got += d;
});
var all = "";
for (var i = 0; i < 256; i++) all += String.fromCharCode(i === 3 ? 4 : i);
LoopbackA.write(all.substr(0, 100));
LoopbackA.print("text");
LoopbackA.println("line");
LoopbackA.write([1, 2], "x", 65);
setTimeout(() => {
  print(got.length, got.charCodeAt(0), got.charCodeAt(99), JSON.stringify(got.substr(100)));
  LoopbackB.removeAllListeners("data");
  LoopbackA.write("kept");
  setTimeout(() => {
    print(LoopbackB.available(), LoopbackB.read(2), LoopbackB.read(), LoopbackB.available());
    print("#END");
  }, 50);
}, 100);
