/**
 * Modules with a fault, and what they usually answer.
 * @module
 */
import type { FaultWhen } from "../../host/modem/index.ts";
import { connected, info, online } from "./dialogue.ts";

export const CSQ = info("+CSQ: 24,99");
export const STRAY = '\r\n+QIND: "csq",23,99\r\n';
export const SENT = "\r\nSEND OK\r\n";
export const OPEN = 'AT+QIOPEN=1,0,"TCP","server.example",1883,0,0';

/** A module with a socket, some data to read, and a fault. */
export function faulty(name: string, when?: FaultWhen, data = "world") {
  const { dialogue: modem, server } = connected();
  if (data) server.send(data);
  modem.wait(100);
  modem.modem.inject(name, when);
  return { modem, server };
}

/** The same with a context only; the server is there. */
export function unopened(name: string, when?: FaultWhen) {
  const modem = online();
  modem.network.listen("server.example", 1883, () => ({}));
  modem.modem.inject(name, when);
  return modem;
}
