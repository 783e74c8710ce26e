/**
 * A script for the board that counts its variables deep in the firmware's calls: wherever that calls one
 * of some native functions, and when data come. Counting takes some by itself, `idle` counts so, too.
 * @module
 */

/**
 * Defines `look`: `count()`; `most` in use since it was last set to 0; `idle()` counts, as deep as that; with `tells`
 * each new maximum is printed. `JSON`, timers, sockets and flash are called where a message is made, sent
 * and read, and where an image is written and read. Sockets are looked at that are opened from then on.
 */
export const LOOK = `global.look=(function(){
var own={f:function(){}},it={most:0,tells:false};
function count(){var now=process.memory().usage;if(now>it.most){it.most=now;if(it.tells)print("most "+now)}}
function wrap(object,name){var was=object[name];object[name]=function(){count();return was.apply(object,arguments)}}
wrap(own,"f");
wrap(JSON,"parse");wrap(JSON,"stringify");wrap(E,"toString");
wrap(global,"setTimeout");wrap(global,"clearTimeout");
var flash=require("Flash");wrap(flash,"write");wrap(flash,"erasePage");
var net=require("net"),connect=net.connect;
net.connect=function(to){var socket=connect.call(net,to);wrap(socket,"write");socket.on("data",count);return socket};
it.idle=function(){it.most=0;own.f();var now=it.most;it.most=0;return now};
it.count=count;
return it})()`;
