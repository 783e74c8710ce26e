import assert from "node:assert/strict";
import test from "node:test";
import { Client, collector, simulate } from "./simulated.ts";

test("switches the modem on, registers, connects, sends and receives", (context) => {
  const simulation = simulate(context);
  const { link, network, until, modem, run } = simulation;
  const connections = collector(network, "host.example", 1883);
  until(() => link.isUp);
  assert.equal(modem.boots, 1);
  const client = new Client(simulation, "host.example", 1883);
  until(() => client.isOpen);
  client.write("hello");
  until(() => connections[0]?.received === "hello");
  connections[0]?.peer.send("world");
  until(() => client.received === "world");
  connections[0]?.peer.close();
  until(() => client.isClosed);
  assert.equal(client.code, -1);
  run(10);
  assert.equal(link.state, "up");
});
