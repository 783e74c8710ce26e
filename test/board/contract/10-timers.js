var first = setTimeout(function () {}, 1000);
var second = setTimeout(function () {}, 1000);
print(second - first, typeof first);
clearTimeout(first);
clearTimeout(12345);
try { clearTimeout(undefined); } catch (e) { print(e.message); }
try { clearInterval(undefined); } catch (e) { print(e.message); }
clearTimeout();
// What is due at once is called in the order of its making, each once.
setTimeout(function () { print("thirty"); }, 30);
setTimeout(function () { print("ten"); }, 10);
setTimeout("print('text')", 20);
setTimeout(function () { print("nan"); }, NaN);
setTimeout(function () { print("negative"); }, -5);
var often = setInterval(function () { print("often"); }, 15);
setTimeout(function (a, b) { clearInterval(often); print("args", a, b, this === global); blocked(); }, 31, 1, 2);
var begin = getTime();
while (getTime() - begin < 0.1);
// Calls that a blocked time has missed come after it.
function blocked() {
  var count = 0;
  var interval = setInterval(function () {
    if (++count > 1) return;
    var begin = getTime();
    while (getTime() - begin < 0.2);
  }, 20);
  setTimeout(function () {
    clearInterval(interval);
    print("caught up", count >= 18);
    changed();
  }, 400);
}
function changed() {
  var n = 0;
  var i = setInterval(function () {
    if (++n === 2) changeInterval(i, 5);
    if (n < 4) return;
    clearInterval(i);
    print("changed");
    print("#END");
  }, 10);
}
