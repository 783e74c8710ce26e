function r(n) { return r(n + 1); }
setTimeout(function () { try { r(0); } catch (e) { print("caught"); } finally { print("finally"); } print("not reached"); }, 10);
setTimeout(function () { print("next"); print("#END"); }, 600);
