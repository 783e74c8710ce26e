/**
 * The network in memory: order and completeness over interruptions.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DrivenClock, MemoryNetwork, type Peer } from "../../host/modem/index.ts";

function link(latency: number) {
  const clock = new DrivenClock();
  const network = new MemoryNetwork(clock, { latency });
  const heard = { server: "", module: "" };
  let peer: Peer | undefined;
  network.listen("h", 1, (one) => {
    peer = one;
    return {
      onData: (bytes) => {
        heard.server += bytes;
      },
      onClose: () => {
        heard.server += "|";
      },
    };
  });
  const connection = network.connect(
    { host: "h", port: 1 },
    {
      onOpen: () => {},
      onFail: (reason) => assert.fail(reason),
      onData: (bytes) => {
        heard.module += bytes;
      },
      onClose: () => {
        heard.module += "|";
      },
    },
  );
  clock.run(latency * 2);
  return { clock, network, heard, connection, peer: peer as Peer };
}

for (const latency of [0, 20]) {
  test(`latency ${latency}: nothing is lost or overtaken while the network is away and back`, () => {
    const { clock, network, heard, connection, peer } = link(latency);
    let sent = "";
    for (let turn = 0; turn < 100; turn++) {
      network.isUp = turn % 7 < 3;
      connection.send(`${turn},`);
      peer.send(`${turn},`);
      sent += `${turn},`;
      clock.run(turn % 13);
    }
    assert.ok(connection.pending > 0 || latency === 0);
    network.isUp = true;
    clock.run(100);
    assert.deepEqual(heard, { server: sent, module: sent });
    assert.equal(connection.pending, 0);
    assert.equal(peer.pending, 0);
  });
}

test("the end comes after the data, from either side", () => {
  const one = link(20);
  one.connection.send("last");
  one.connection.close();
  one.clock.run(100);
  assert.deepEqual(one.heard, { server: "last|", module: "" });
  const other = link(20);
  other.peer.send("last");
  other.peer.close();
  other.clock.run(100);
  assert.deepEqual(other.heard, { server: "", module: "last|" });
});

test("a server that has closed hears nothing more", () => {
  const { clock, network, heard, connection } = link(20);
  connection.send("late");
  network.cutAll();
  clock.run(100);
  assert.deepEqual(heard, { server: "", module: "|" });
});

test("paused, the module gets nothing, and the rest in order", () => {
  const { clock, heard, connection, peer } = link(20);
  connection.pause();
  peer.send("a");
  peer.send("b");
  clock.run(100);
  assert.equal(heard.module, "");
  assert.equal(peer.pending, 2);
  connection.resume();
  clock.run(1);
  assert.equal(heard.module, "ab");
});
