/**
 * The least that has the same effect on the wire: no parser, no queue, no settings, no time-outs, no
 * second connection. Packets are made beforehand but for their ids, and what comes is cut where it is
 * known to be. Pieces that come otherwise than on a still wire end in an error, not in a wrong figure.
 * @module
 */
import type { Answer, FloorSettings, Request } from "../floor-settings.ts";
import { end, mark, obey, remaining, repeat, tally, timeListeners } from "./orders.ts";

const settings: FloorSettings = global.settings;
const rrpc = settings.rrpc;

let socket: EspruinoSocket;
let packetId = 0;
/** Of as many digits as the packets are made for. */
let messageId = 100000000;
let settle: (success: boolean) => void;
let request: Request;
let answer: Answer;
/** Bytes that have come of a message, of how many, and where its payload begins. */
let bytes = "";
let size = 0;
let payloadAt = 0;

function listen(listener: (bytes: string) => void): void {
  socket.removeAllListeners("data");
  socket.on("data", listener);
}

/** Two bytes of a fresh packet id. */
function nextId(): string {
  packetId = (packetId % 65535) + 1;
  return String.fromCharCode(packetId >> 8, packetId & 255);
}

function ask(): Promise<boolean> {
  messageId++;
  socket.write(request.head + nextId() + request.middle + messageId + request.tail);
  return new Promise((resolve) => {
    settle = resolve;
  });
}

/** A PUBACK may come with the reply, or in a piece of its own. */
function onReply(piece: string): void {
  const at = piece.charCodeAt(0) === 0x40 ? 4 : 0;
  if (at === piece.length) return;
  const idAt = at + request.replyAt;
  socket.write("\x40\x02" + piece.substr(idAt, 2));
  const reply = JSON.parse(piece.substr(idAt + 2));
  if (+reply.id === messageId) settle(reply.code === 200);
}

/** The PUBACK of the answer before may come with the next request. */
function onRequest(piece: string): void {
  let at = 0;
  if (piece.charCodeAt(0) === 0x40) {
    at = 4;
    tally(true);
    if (at === piece.length) return;
  }
  at += answer.requestAt;
  const id = JSON.parse(piece.substr(at + 2)).id;
  const length = answer.length + id.length;
  socket.write(
    "\x40\x02" +
      piece.substr(at, 2) +
      "\x32" +
      String.fromCharCode((length & 127) | 128, length >> 7) +
      answer.topic +
      nextId() +
      answer.middle +
      id +
      answer.tail,
  );
}

function onRrpc(piece: string): void {
  JSON.parse(piece.substr(rrpc.requestAt + rrpc.digits));
  socket.write(rrpc.head + piece.substr(rrpc.requestAt, rrpc.digits) + rrpc.payload);
  tally(true);
}

/** Collects a message of which the end is known. */
function onPiece(piece: string): void {
  bytes += piece;
  if (bytes.length < size) return;
  const data = JSON.parse(bytes.substr(payloadAt));
  bytes = bytes.substr(size);
  tally(data.id === "1");
}

function asks(what: Request): () => void {
  return () => {
    request = what;
    listen(onReply);
    repeat(ask);
  };
}

function answers(what: Answer): () => void {
  return () => {
    answer = what;
    listen(onRequest);
  };
}

const orders = {
  report: asks(settings.report),
  event: asks(settings.event),
  service: answers(settings.service),
  set: answers(settings.set),
  rrpc: () => listen(onRrpc),
  receive: () => listen(onPiece),
  /** The number is that of the bytes of each message that comes from now on. */
  size: () => {
    size = remaining();
    end();
  },
  payload: () => {
    payloadAt = remaining();
    end();
  },
  tick: () => {
    setInterval(() => {}, 1000);
    end();
  },
};

function onSubscribed(): void {
  if (settings.control) {
    obey(settings.control, orders);
    return;
  }
  request = settings.report;
  listen(onReply);
  ask().then((success) => {
    if (success) mark();
    global.quit();
  });
}

function onConnected(): void {
  listen(onSubscribed);
  socket.write(settings.subscribe);
}

socket = require("net").connect(settings.platform, () => socket.write(settings.connect));
if (settings.timed) timeListeners(socket);
listen(onConnected);
