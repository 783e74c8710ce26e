function r(n) {
  return r(n + 1);
}
setTimeout(() => {
  try {
    r(0);
  } catch (e) {
    print("caught");
  } finally {
    print("finally");
  }
  print("not reached");
}, 10);
setTimeout(() => {
  print("next");
  print("#END");
}, 600);
