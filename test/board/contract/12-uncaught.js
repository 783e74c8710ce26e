require("Storage").write("badmod", "throw new Error('in module')");
setTimeout(() => {
  throw new Error("error");
}, 10);
setTimeout(() => {
  throw "text";
}, 20);
setTimeout(() => {
  nothere();
}, 30);
setTimeout(() => {
  Promise.reject("why");
}, 40);
setTimeout(() => {
  Promise.reject("handled").catch(() => {});
}, 50);
setTimeout(() => {
  try {
    require("badmod");
  } catch (e) {
    print("caught");
  }
  print("not reached");
}, 60);
setTimeout(() => {
  process.on("uncaughtException", (e) => {
    print("handler", typeof e === "string" ? e : e.message);
  });
  setTimeout(() => {
    throw new Error("one");
  }, 10);
  setTimeout(() => {
    throw "two";
  }, 20);
  setTimeout(() => {
    print("#END");
  }, 40);
}, 80);
