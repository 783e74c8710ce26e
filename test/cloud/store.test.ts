/**
 * The state: one contract for both stores, and what survives a restart of the platform.
 * @module
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setImmediate as immediately } from "node:timers/promises";
import { DataInUseError, startCloud } from "../../host/cloud/index.ts";
import { History } from "../../host/cloud/store/history.ts";
import { LevelStore } from "../../host/cloud/store/level-store.ts";
import { MemoryStore } from "../../host/cloud/store/memory-store.ts";
import { type OrderedStore, prefixRange } from "../../host/cloud/store/ordered-store.ts";
import { Table } from "../../host/cloud/store/table.ts";
import { TestDevice } from "./device.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloud-"));
});
after(() => rm(folder, { recursive: true }));

const DEVICE = { productKey: "a1Test", deviceName: "dev:1@x" };

for (const [name, open] of [
  ["memory", async () => new MemoryStore()],
  ["level", () => LevelStore.open(join(folder, "contract"))],
] as [string, () => Promise<OrderedStore>][]) {
  describe(`${name} store`, () => {
    let store: OrderedStore;
    before(async () => {
      store = await open();
    });
    after(() => store.close());

    test("keeps, replaces and deletes values", async () => {
      assert.equal(await store.get("none"), undefined);
      const value = { text: "中文", list: [1, null, true] };
      await store.put("k", value);
      value.list.push(false);
      assert.deepEqual(await store.get("k"), { text: "中文", list: [1, null, true] });
      await store.put("k", 2);
      assert.equal(await store.get("k"), 2);
      await store.delete("k");
      await store.delete("k");
      assert.equal(await store.get("k"), undefined);
    });

    test("what is put is read at once, and replaced by what is put later", async () => {
      const value = { list: [1] };
      const writes = [store.put("soon", value)];
      value.list.push(2);
      assert.deepEqual(await store.get("soon"), { list: [1] });
      writes.push(store.put("soon", 2), store.put("soon2", 3));
      assert.deepEqual(await store.range(prefixRange("soon")), [
        ["soon", 2],
        ["soon2", 3],
      ]);
      writes.push(store.put("soon", 4), store.put("soon", 5), store.put("soon2", 6));
      await store.delete("soon2");
      await Promise.all(writes);
      assert.deepEqual(await store.range(prefixRange("soon")), [["soon", 5]]);
    });

    test("gives ranges in order", async () => {
      for (const key of ["r/3", "r/1", "s/0", "r/2", "q/9"]) await store.put(key, key);
      const keys = async (range: Parameters<OrderedStore["range"]>[0]) =>
        (await store.range(range)).map(([key]) => key);
      const all = prefixRange("r/");
      assert.deepEqual(await keys(all), ["r/1", "r/2", "r/3"]);
      assert.deepEqual(await keys({ ...all, reverse: true, limit: 2 }), ["r/3", "r/2"]);
      assert.deepEqual(await keys({ from: "r/1", to: "r/3" }), ["r/1", "r/2"]);
      assert.deepEqual(await keys({ from: "x", to: "y" }), []);
    });

    test("history: series merge in order of time, bounds are inclusive", async () => {
      const history = new History(store);
      for (const [identifier, time, value] of [
        ["b", 2000, "b2"],
        ["a", 1000, "a1"],
        ["a", 2000, "a2"],
        ["a", 2000, "a3"],
        ["ab", 3000, "x"],
      ] as const) {
        await history.append("property", DEVICE, { identifier, time, value });
      }
      await history.append("event", DEVICE, { identifier: "a", time: 1, value: "event" });
      const other = { ...DEVICE, deviceName: "dev:1@x2" };
      await history.append("property", other, { identifier: "a", time: 1, value: "other" });
      const values = async (query: Parameters<History["query"]>[2]) =>
        (await history.query("property", DEVICE, query)).map(({ value }) => value);
      assert.deepEqual(await values({ ascending: true }), ["a1", "b2", "a2", "a3", "x"]);
      assert.deepEqual(await values({}), ["x", "a3", "a2", "b2", "a1"]);
      assert.deepEqual(await values({ limit: 2 }), ["x", "a3"]);
      assert.deepEqual(await values({ identifiers: ["a"] }), ["a3", "a2", "a1"]);
      assert.deepEqual(await values({ from: 1000, to: 2000, identifiers: ["a", "ab"] }), [
        "a3",
        "a2",
        "a1",
      ]);
      assert.deepEqual(await values({ from: 1001, to: 1999 }), []);
      assert.deepEqual(await history.query("service", DEVICE), []);
    });
  });
}

test("what is put is kept when the store is closed", async () => {
  const directory = join(folder, "soon");
  const first = await LevelStore.open(directory);
  const writes = [first.put("a", 1), first.put("b", 2)];
  await immediately();
  writes.push(first.put("c", 3));
  await first.close();
  await Promise.all(writes);
  const second = await LevelStore.open(directory);
  try {
    assert.deepEqual(await second.range(prefixRange("")), [
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ]);
  } finally {
    await second.close();
  }
});

test("a restart keeps credentials, certificates, values, history and versions", async () => {
  const data = join(folder, "platform");
  const first = await startCloud({ data });
  const device = await TestDevice.connect(first, { extension: "_ss=1" });
  const time = Date.now() - 1000;
  await device.request(device.sys("thing/event/property/post"), { energy: { value: 7, time } });
  await device.request(device.sys("thing/event/sos_alarm/post"), { value: {}, time });
  const inform = { id: "1", params: { version: "1.1.0", module: "app" } };
  const seen = once(first.trace, "message");
  await device.publish("/ota/device/inform/a1AliotDemo/demo_0001", inform);
  await seen;
  await device.end();
  await first.close();

  const second = await startCloud({ data });
  try {
    assert.deepEqual(second.products, first.products);
    assert.equal(second.ca, first.ca);
    assert.equal(second.accessKeyId, first.accessKeyId);
    assert.equal(second.accessKeySecret, first.accessKeySecret);
    const view = second.device("a1AliotDemo", "demo_0001");
    assert.equal(await view.status(), "OFFLINE");
    assert.deepEqual((await view.properties()).energy, { value: 7, time });
    assert.deepEqual(await view.propertyHistory("energy"), [
      { identifier: "energy", value: 7, time },
    ]);
    assert.deepEqual(await view.events(), [{ identifier: "sos_alarm", value: {}, time }]);
    const [module] = await view.otaVersions();
    assert.deepEqual([module?.module, module?.version], ["app", "1.1.0"]);
    assert.equal(await second.device("a1AliotDemo", "demo_0002").status(), "UNACTIVE");
    // The certificate is still that of the authority that devices trust.
    const again = await TestDevice.connect(withOldCa(second, first.ca), { tls: true });
    await again.end();
    await assert.rejects(startCloud({ data }), DataInUseError);
  } finally {
    await second.close();
  }
});

/** A platform as seen by somebody who has only the old CA certificate. */
function withOldCa<T extends { ca: string }>(cloud: T, ca: string): T {
  return { ...cloud, ca };
}

test("private keys are readable by their owner only", async () => {
  const data = join(folder, "keys");
  await (await startCloud({ data })).close();
  const files = await readdir(join(data, "tls"));
  assert.deepEqual(files.sort(), ["ca.key", "ca.pem", "server.key", "server.pem"]);
  for (const file of ["ca.key", "server.key"]) {
    assert.equal((await stat(join(data, "tls", file))).mode & 0o077, 0);
  }
});

test("a series does not grow without bound", async () => {
  const store = new MemoryStore();
  const history = new History(store, 3);
  for (let time = 1; time <= 5; time++) {
    await history.append("property", DEVICE, { identifier: "a", time, value: time });
  }
  const later = new History(store, 3);
  await later.append("property", DEVICE, { identifier: "a", time: 6, value: 6 });
  const entries = await later.query("property", DEVICE, { ascending: true });
  assert.deepEqual(
    entries.map(({ value }) => value),
    [4, 5, 6],
  );
});

test("entries that come at once are counted and cut once", async () => {
  const store = new MemoryStore();
  const history = new History(store, 200);
  const append = (time: number) =>
    history.append("property", DEVICE, { identifier: "a", time, value: time });
  for (const first of [1, 251]) {
    await Promise.all(Array.from({ length: 250 }, (_, index) => append(first + index)));
    const entries = await history.query("property", DEVICE, { ascending: true });
    assert.deepEqual(
      entries.map(({ value }) => value),
      Array.from({ length: 200 }, (_, index) => first + 50 + index),
    );
  }
});

test("the oldest of a long series go several at once", async () => {
  const store = new MemoryStore();
  const history = new History(store, 200);
  const kept = async () => (await store.range(prefixRange("property/"))).length;
  let most = 0;
  for (let time = 1; time <= 210; time++) {
    await history.append("property", DEVICE, { identifier: "a", time, value: time });
    most = Math.max(most, await kept());
  }
  assert.equal(most, 202, "one in a hundred more than the maximum");
  const entries = await history.query("property", DEVICE);
  assert.deepEqual(
    entries.map(({ value }) => value),
    Array.from({ length: 200 }, (_, index) => 210 - index),
  );
});

test("rows of a table are found by group, wherever they are moved", async () => {
  const store = new MemoryStore();
  const load = () => Table.load<{ group: string }>(store, "row/", ({ group }) => group);
  const table = await load();
  table.put("2", { group: "a" });
  table.put("1", { group: "a" });
  table.put("3", { group: "b" });
  const [one, two] = [table.get("1"), table.get("2")];
  assert.deepEqual(table.of("a"), [one, two]);
  table.put("1", { group: "b" });
  assert.deepEqual(table.of("a"), [two]);
  assert.deepEqual(table.of("b"), [table.get("1"), table.get("3")]);
  table.delete("2");
  assert.deepEqual(table.of("a"), []);
  await table.flush();
  assert.deepEqual((await load()).of("b"), [{ group: "b" }, { group: "b" }]);
});
