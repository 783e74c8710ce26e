/**
 * A script made to count how deep its calls are nested in one another, on the virtual board.
 * @module
 */
import { outline } from "../../host/trace/functions.ts";

/**
 * Runs before the script. Functions push their number when they begin, and pop it when they end. A
 * function is called back when a native one called it: at the bottom, or in the middle of a call of the script's. The
 * native ones that do are replaced by ones that say so. Each new maximum is printed: of
 * functions called back (0) or called in any way (1), with the numbers from the outermost one on, those of
 * functions called back as negative ones. `nested()` forgets what was.
 */
const BEFORE = `
var nestCalls=[],nestBack=false,nestBacks=0,nestMost=[0,0];
function nestEnter(number){
  if(nestBack||nestCalls.length===0){nestBacks++;number=-number}
  nestBack=false;
  nestCalls.push(number);
  nestTell(0,nestBacks);
  nestTell(1,nestCalls.length);
}
function nestTell(kind,depth){
  if(depth<=nestMost[kind])return;
  nestMost[kind]=depth;
  print("nested "+kind+" "+nestCalls.join(" "));
}
function nestLeave(){if(nestCalls.pop()<0){nestBacks--;nestBack=nestCalls.length>0}}
function nestWrap(holder,name){
  var hidden="nest_"+name;
  holder[hidden]=holder[name];
  holder[name]=function(a,b){
    var outer=nestBack;
    nestBack=true;
    try{return arguments.length<2?this[hidden](a):this[hidden](a,b)}
    finally{nestBack=outer}
  };
}
["forEach","map","filter","some","every","reduce","find","findIndex","sort"].forEach(function(name){
  nestWrap(Array.prototype,name);
});
nestWrap(String.prototype,"replace");
nestWrap(Function.prototype,"apply");
Function.prototype.call=function(self){
  var outer=nestBack,rest=[],i;
  for(i=1;i<arguments.length;i++)rest.push(arguments[i]);
  nestBack=true;
  try{return this.nest_apply(self,rest)}
  finally{nestBack=outer}
};
function nestPromise(executor){
  var outer=nestBack;
  nestBack=true;
  try{return new Promise(executor)}
  finally{nestBack=outer}
}
global.nested=function(){nestMost=[0,0]};
`;

/** The script with counters; functions are numbered from 1 in the order of its `outline`. */
export function instrument(script: string): string {
  const { functions } = outline(script);
  if (functions.length === 0) throw new Error("the script has no functions that can be counted");
  const pieces: [at: number, order: number, text: string][] = [];
  functions.forEach(({ start, end }, i) => {
    if (start >= end) return;
    // At one place, the inner function's end comes first.
    pieces.push([start, 1, `nestEnter(${i + 1});try{`], [end, -i, "}finally{nestLeave()}"]);
  });
  pieces.sort(([at, order], [other, next]) => at - other || order - next);
  let text = "";
  let from = 0;
  for (const [at, , piece] of pieces) {
    text += script.slice(from, at) + piece;
    from = at;
  }
  return BEFORE + (text + script.slice(from)).replaceAll("new Promise(", "nestPromise(");
}
