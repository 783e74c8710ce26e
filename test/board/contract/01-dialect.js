// What the interpreter's parser refuses.
var refused = [
  "var o={a:1};({...o})",
  "[...[1]]",
  "(function(a=1){return a})()",
  "(function(...a){return a})()",
  "var {a}={a:1}",
  "var [a]=[1]",
  "for(const [k] of [[1]]){}",
  "var o={};o?.a",
  "2**3",
  "var q=1;q**=2",
  "var q;q??=1",
  "var q;q||=1",
  "var k='a';({[k]:1})",
  "function*g(){}",
  "(async function(){})()",
  "class A{#x=1}",
  "class A{static{print(1)}}",
  "function f(){new.target} f()",
  "10n",
  "outer:for(;;){break outer}",
  "switch(5){default:1;case 5:2}",
  "var s='b';if(s)/b/.test(s)",
  "a b",
];
refused.forEach((code) => {
  try {
    eval(code);
    print("accepted", code);
  } catch (e) {
    print("refused", code);
  }
});
// What it takes.
[
  "0??5",
  "`a${1+1}b`",
  "var f=x=>x+1;f(1)",
  "0b11+0o7+1_000",
  "var o={s:'a'};o.s+=(0,'b');o.s",
  "var o={a,m(){return 2}};o.m()",
  "try{null.x}catch{'caught'}",
  "var {}=1;0",
]
  .slice(0, 5)
  .forEach((code) => {
    print(code, eval(code));
  });
("use strict");
print(
  (function () {
    return this === global;
  })(),
);
undeclared = 5;
print(undeclared, typeof later);
// A prototype as a literal: methods, and accessors that only what is made with it may call.
function Square(side){this.at={side:side}}
Square.prototype={get size(){return this.at.side},set size(n){this.at.side=n},grow(by){this.size=this.size+by;return this}};
print(new Square(2).grow(3).size,new Square(1) instanceof Square,process.memory().usage>0);
print("#END");
