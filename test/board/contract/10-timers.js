var first = setTimeout(() => {}, 1000),
  second = setTimeout(() => {}, 1000);
print(second - first, typeof first);
clearTimeout(first);
clearTimeout(12345);
try {
  clearTimeout(undefined);
} catch (e) {
  print(e.message);
}
try {
  clearInterval(undefined);
} catch (e) {
  print(e.message);
}
clearTimeout();
setTimeout(
  function (a, b) {
    print("args", a, b, this === global);
  },
  5,
  1,
  2,
);
setTimeout("print('text')", 10);
setTimeout(() => {
  print("nan");
}, NaN);
setTimeout(() => {
  print("negative");
}, -5);
var count = 0,
  begin;
var interval = setInterval(() => {
  if (++count === 1) {
    begin = getTime();
    while (getTime() - begin < 0.1);
  }
  if (count === 6) {
    clearInterval(interval);
    print("caught up", getTime() - begin < 0.135);
  }
}, 20);
setTimeout(() => {
  var n = 0,
    i = setInterval(() => {
      if (++n === 2) {
        changeInterval(i, 5);
      }
      if (n === 4) {
        clearInterval(i);
        print("changed");
        print("#END");
      }
    }, 10);
}, 300);
