/**
 * The board's own link: says when it is up, sends a text to an echo server over and over, and says
 * what came of each.
 * @module
 */
import { link } from "../../../../src/link/index.ts";

const LENGTH = 3000;

let open = false;

function talk(): void {
  if (!link.isUp || open) return;
  open = true;
  let text = "";
  while (text.length < LENGTH) text += String.fromCharCode(Math.random() * 256);
  let back = "";
  try {
    const socket = require("net").connect({ host: "echo.example", port: 7 }, () => {
      socket.write(text);
    });
    socket.on("data", (bytes) => {
      back += bytes;
      if (back.length >= LENGTH) socket.end();
    });
    socket.on("close", () => {
      open = false;
      if (back === text.substr(0, back.length)) print("echo " + back.length);
      else print("Uncaught: bytes were changed");
    });
  } catch (error: any) {
    open = false;
    print("failed " + error.message);
  }
}

link.onChange((up) => print("up " + up));
link.up({ cellular: { apn: "cmnet" } });
setInterval(talk, 2000);
