/**
 * When a connection takes more, and when what it was given is written, plain and with TLS.
 * @module
 */
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { beforeEach, test } from "node:test";
import { Connection, dial } from "../../src/link/connection.ts";

class FakeSocket extends EventEmitter {
  readonly written: string[] = [];
  write(bytes: string): void {
    this.written.push(bytes);
    this.emit("written");
  }
  end(): void {}
}

let socket: FakeSocket;
let connection: Connection;
let drains = 0;
let onData: (bytes: string) => void = () => {};

Object.assign(globalThis, { require: () => ({ connect: () => socket }) });

beforeEach(() => {
  drains = 0;
  onData = () => {};
  socket = new FakeSocket();
  connection = new Connection({
    onOpen: () => {},
    onData: (bytes) => onData(bytes),
    onDrain: () => drains++,
    onClose: () => {},
  });
});

function open(tls: boolean): void {
  connection.open({ dial: () => dial(tls, { host: "127.0.0.1", port: 1 }) });
}

test("more may be written at once until the last piece, after which a drain tells", () => {
  open(false);
  connection.write("a");
  assert.ok(!connection.busy);
  socket.emit("drain");
  assert.equal(drains, 0, "nobody waits for it");
  connection.write("b", true);
  assert.equal(connection.busy, 1);
  socket.emit("drain");
  assert.deepEqual([connection.busy, drains], [0, 1]);
  socket.emit("drain");
  assert.deepEqual([socket.written, drains], [["a", "b"], 1]);
});

test("with TLS, what is written when data comes waits, and nothing passes it", async () => {
  open(true);
  connection.write("a");
  onData = () => {
    connection.write("b");
    // Of the first piece.
    socket.emit("drain");
    assert.deepEqual([connection.busy, drains], [1, 0]);
  };
  socket.emit("data", "x");
  assert.deepEqual(socket.written, ["a"]);
  await once(socket, "written");
  assert.deepEqual([socket.written, connection.busy], [["a", "b"], 1]);
  socket.emit("drain");
  assert.deepEqual([connection.busy, drains], [0, 1]);
});

test("what comes after the end is not heard, nor kept by the socket", () => {
  open(false);
  let heard = 0;
  onData = () => heard++;
  socket.emit("data", "x");
  connection.close();
  assert.ok(socket.listenerCount("data") > 0);
  socket.emit("data", "y");
  assert.equal(heard, 1);
});

test("a socket that is closed already takes nothing and does no harm", () => {
  open(false);
  socket.write = () => {
    throw new Error("This socket is closed");
  };
  connection.write("a");
  connection.write("b", true);
  assert.equal(connection.busy, 1);
});
