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
  connection.busy = 1;
  assert.equal(connection.write("a"), "");
  assert.equal(connection.busy, 0);
  socket.emit("drain");
  assert.equal(drains, 0, "nobody waits for it");
  connection.busy = 1;
  connection.write("b", true);
  assert.equal(connection.busy, 1);
  socket.emit("drain");
  assert.deepEqual([connection.busy, drains], [0, 1]);
  socket.emit("drain");
  assert.deepEqual([socket.written, drains], [["a", "b"], 1]);
});

test("with TLS, what is written when data comes waits, and nothing passes it", async () => {
  open(true);
  connection.busy = 1;
  connection.write("a");
  onData = () => {
    connection.busy = 1;
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
