/**
 * The driver with a modem that is a few lines of script: goes online, opens two sockets through the
 * interpreter's own `net`, echoes on both, and prints what it takes in memory.
 * @module
 */
import { createCellularLink } from "../../../../src/link/cellular/link.ts";
import { useNetworkOf } from "../../../../src/link/network.ts";

const ANSWERS: { [command: string]: string } = {
  ATI: "Quectel\r\nEC600N\r\nRevision: EC600NCNLCR03A11M16\r\n",
  "AT+CGSN": "860000000000000\r\n",
  "AT+CPIN?": "+CPIN: READY\r\n",
  "AT+QCCID": "+QCCID: 89860000000000000000\r\n",
  "AT+CEREG?": '+CEREG: 2,1,"1A2B","01C3D4E5",7\r\n',
  "AT+CGREG?": "+CGREG: 2,1\r\n",
  "AT+CSQ": "+CSQ: 24,99\r\n",
  "AT+COPS?": '+COPS: 0,0,"CHINA MOBILE",7\r\n',
  "AT+QIACT?": '+QIACT: 1,1,1,"10.1.2.3"\r\n',
  "AT+QLTS=1": '+QLTS: "2026/08/07,13:54:02+32,0"\r\n',
};

let listener: (bytes: string) => void = () => {};
let wanted = 0;
let target = 0;
/** What each socket has sent and not read back. */
const held = ["", "", "", "", "", ""];

/** As a serial port: later, and at most 64 bytes at once. */
function say(bytes: string): void {
  for (let at = 0; at < bytes.length; at += 64) setTimeout(listener, 0, bytes.substr(at, 64));
}

function open(command: string): string {
  say("\r\nOK\r\n\r\n+QIOPEN: " + command.substr(12, 1) + ",0\r\n");
  return "";
}

function read(command: string): string {
  const id = parseInt(command.substr(8), 10);
  const most = parseInt(command.substr(10), 10);
  if (!most) return "\r\n+QIRD: 0,0,0\r\n\r\nOK\r\n";
  const bytes = held[id].substr(0, most);
  held[id] = held[id].substr(most);
  return "\r\n+QIRD: " + bytes.length + "\r\n" + bytes + "\r\nOK\r\n";
}

function answer(command: string): string {
  if (command.startsWith("AT+QIOPEN=")) return open(command);
  if (command.startsWith("AT+QIRD=")) return read(command);
  if (command.startsWith("AT+QISEND=")) {
    target = parseInt(command.substr(10), 10);
    wanted = parseInt(command.substr(12), 10);
    return "\r\n> ";
  }
  const lines = ANSWERS[command];
  return (lines ? "\r\n" + lines : "") + "\r\nOK\r\n";
}

const port = {
  setup: () => {},
  on: (_event: string, call: (bytes: string) => void) => {
    listener = call;
  },
  write: (bytes: string) => {
    if (!wanted) {
      const text = answer(bytes.substr(0, bytes.length - 1));
      if (text) say(text);
      return;
    }
    wanted -= bytes.length;
    held[target] += bytes;
    if (!wanted) say('\r\nSEND OK\r\n\r\n+QIURC: "recv",' + target + "\r\n");
  },
};

let left = 2;

function talk(id: number): void {
  const text = "hello " + id + " " + "x".repeat(600 * id);
  let back = "";
  const socket = require("net").connect({ host: "echo.example", port: 7 }, () => {
    socket.write(text);
  });
  socket.on("data", (bytes) => {
    back += bytes;
    if (back.length < text.length) return;
    print("echo" + id + " " + (back === text));
    left--;
    if (!left) print("vars " + process.memory().usage);
  });
}

global.ModemPort = port;
const link = useNetworkOf(createCellularLink({ serial: "ModemPort", urcPort: "uart1" }));
link.onChange((up) => {
  print("up " + up + " " + link.describe());
  talk(0);
  talk(1);
});
link.up({ cellular: { apn: "cmnet" } });
