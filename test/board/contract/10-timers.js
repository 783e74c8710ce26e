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
// Calls that a blocked time has missed come after it.
var count = 0;
var interval = setInterval(function () {
  if (++count > 1) return;
  var begin = getTime();
  while (getTime() - begin < 0.2);
}, 20);
setTimeout(function () {
  clearInterval(interval);
  print("caught up", count >= 18);
  var n = 0;
  var i = setInterval(function () {
    if (++n === 2) changeInterval(i, 5);
    if (n < 4) return;
    clearInterval(i);
    print("changed");
    print("#END");
  }, 10);
}, 400);
