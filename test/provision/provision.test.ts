/**
 * Provisioning: into the area and out of sight, one field after the other, on the virtual board and
 * the real interpreter.
 * @module
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  openTarget,
  provision,
  releaseBoard,
  SettingsError,
  showSettings,
  type Target,
} from "../../host/provision/index.ts";
import {
  type Board,
  BoardError,
  type Connection,
  type ConnectionEvents,
  openBoard,
  openConnection,
  writeFile,
} from "../../host/serial/index.ts";
import { InterpreterRig, noInterpreter, type Rig, VirtualRig } from "./rig.ts";

const SECRETS = ["d3vice-s3cret", "pr0duct-s3cret", "w1fi-s3cret", "y3t-another", "4321"];
const SETTINGS = {
  $schema: "./host/provision/device.schema.json",
  productKey: "a1AliotDemo",
  productSecret: "pr0duct-s3cret",
  deviceName: "demo_0001",
  deviceSecret: "d3vice-s3cret",
  // Nobody listens there.
  server: "127.0.0.1:1",
  wifi: [{ ssid: "家", password: "w1fi-s3cret" }],
  cellular: { pin: "4321" },
};
/** As the board shows them. */
const SHOWN = {
  productKey: "a1AliotDemo",
  productSecret: null,
  deviceName: "demo_0001",
  deviceSecret: null,
  server: "127.0.0.1:1",
  wifi: [{ ssid: "家", password: null }],
  cellular: { pin: null },
};

for (const [name, start, skip] of [
  ["virtual board, esp32", () => VirtualRig.start("esp32"), false],
  ["virtual board, linux", () => VirtualRig.start("linux"), false],
  ["interpreter", () => InterpreterRig.start(), noInterpreter],
] as [string, () => Promise<Rig>, string | false][]) {
  describe(`provisioning, ${name}`, { skip }, () => {
    let rig: Rig;
    let board: Board;
    let target: Target;
    before(async () => {
      rig = await start();
      board = await openBoard(rig.port);
      target = await openTarget(board);
    });
    after(async () => {
      await board.close();
      await rig.close();
    });

    test("a board without settings says so, and waits on its console", async () => {
      assert.match(
        rig.heard(),
        /warn start: no settings: this console waits for `npm run provision`/,
      );
      assert.equal(await board.evaluate("6*7"), 42);
      assert.equal(target.device.name, rig.board);
      assert.ok(target.certain);
      assert.equal(await showSettings(board, target), undefined);
      await releaseBoard(board);
      assert.equal(await board.query("typeof $setup+typeof $text"), "undefinedundefined");
      const changes = [{ path: ["qos"], value: 0 }];
      await assert.rejects(provision(board, target, { changes }), (error) => {
        assert.ok(error instanceof BoardError);
        assert.match(error.message, /has no settings yet; give all of them with --config/);
        return true;
      });
    });

    test("takes settings, and runs with them", async () => {
      const outcome = await provision(board, target, { settings: SETTINGS });
      assert.deepEqual(outcome, { board: rig.board, runs: true });
      assert.deepEqual(await showSettings(board, target), SHOWN);
      assert.equal(await board.query("ali.server.authInfo.deviceName"), "demo_0001");
    });

    test("changes some fields and leaves the others", async () => {
      const changes = [
        { path: ["qos"], value: 0 },
        { path: ["wifi", 1], value: { ssid: "home" } },
        { path: ["wifi", 0, "password"], value: "y3t-another" },
        { path: ["cellular"] },
      ];
      const outcome = await provision(board, target, { changes, noRestart: true });
      assert.deepEqual(outcome, { board: rig.board, runs: undefined });
      const { cellular: _, ...kept } = SHOWN;
      const shown = await showSettings(board, target);
      assert.deepEqual(shown, { ...kept, wifi: [...SHOWN.wifi, { ssid: "home" }], qos: 0 });
      // The secrets that were not given again are as they were.
      const known = await provision(board, target, {
        changes: [{ path: ["log"], value: "debug" }],
      });
      assert.equal(known.runs, true);
      const secret = await board.query("ali.server.authInfo.deviceSecret");
      assert.equal(secret, "d3vice-s3cret");
    });

    test("refuses a change that does not work, and changes nothing", async () => {
      const old = await showSettings(board, target);
      for (const [change, expected] of [
        [{ path: ["keepalive"], value: 5 }, /keepalive has to be from 30 to 1200/],
        [{ path: ["deviceName"] }, /deviceName is missing/],
        [{ path: ["wifi", 7, "ssid"], value: "x" }, /wifi/],
        [{ path: ["server"], value: "h:99999" }, /server has a bad port/],
      ] as const) {
        const changes = [{ ...change, path: [...change.path] }];
        await assert.rejects(provision(board, target, { changes }), (error) => {
          assert.ok(error instanceof SettingsError);
          assert.match(error.message, expected);
          return true;
        });
      }
      assert.deepEqual(await showSettings(board, target), old);
    });

    test("nothing on the console has shown a secret, and Storage has no file with them", async () => {
      // The only way to them by the firmware's own words is the manual's `authInfo`.
      for (const expression of ["ali", "ali.server", "ali.status()", "ali.stats()", "ali.ota()"]) {
        await board.type(`${expression}\n`);
      }
      await board.type("ali.help()\n");
      await board.query("1");
      assert.match(rig.heard(), /ali\.status\(\) +log-on/);
      const all = rig.heard().replace(/"d3vice-s3cret"/, "");
      for (const secret of SECRETS) {
        assert.ok(!all.includes(secret), secret);
        assert.ok(!all.includes(Buffer.from(secret).toString("base64").slice(0, 8)), secret);
      }
      const files = await board.query<string[]>('require("Storage").list()');
      assert.ok(!files.includes("device.json"), files.join());
    });

    test("settings in a Storage file are taken over at the next start, and the file goes", async () => {
      const { $schema: _, ...settings } = SETTINGS;
      const text = JSON.stringify({ ...settings, deviceName: "by_file" });
      await writeFile(board, "device.json", Buffer.from(text));
      const shown = await showSettings(board, target);
      assert.equal(shown?.deviceName, "by_file");
      assert.equal(await board.query('require("Storage").read("device.json")'), undefined);
    });
  });
}

describe("provisioning a board that is not as it should be", () => {
  test("settings that the firmware refuses all the same are kept, and it says why", async () => {
    const rig = await VirtualRig.start("esp32");
    const board = await openBoard(rig.port);
    const { device } = await openTarget(board);
    // Without certainty what the board needs is not known here.
    const { wifi: _, ...settings } = SETTINGS;
    const outcome = await provision(board, { device, certain: false }, { settings });
    assert.equal(outcome.runs, false);
    assert.match(outcome.complaint ?? "", /Wi-Fi: "wifi" must list at least one/);
    await board.close();
    await rig.close();
  });

  test("a board without the area is to be flashed first", async () => {
    const rig = await VirtualRig.start("linux");
    const board = await openBoard(rig.port);
    const target = await openTarget(board);
    await board.evaluate('require("Storage").erase("area")');
    await assert.rejects(provision(board, target, { settings: SETTINGS }), (error) => {
      assert.ok(error instanceof BoardError);
      assert.equal(error.exitCode, 8);
      assert.match(error.message, /Storage must begin with the file "area": flash the board again/);
      return true;
    });
    await board.close();
    await rig.close();
  });
});

/** A connection that is unplugged after so many bytes; counts them. */
class Cable implements Connection {
  sent = 0;
  readonly lossy = false;
  readonly name: string;

  constructor(
    private readonly inner: Connection,
    private readonly length: number,
  ) {
    this.name = inner.name;
  }

  listen(events: ConnectionEvents): void {
    this.inner.listen(events);
  }

  async write(bytes: string): Promise<void> {
    const left = this.length - this.sent;
    this.sent += bytes.length;
    await this.inner.write(bytes.slice(0, Math.max(left, 0)));
    if (bytes.length > left) await this.inner.close();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

test("a cable that is pulled out leaves the old settings or the new ones", async () => {
  const rig = await VirtualRig.start("esp32");
  /** Changes the name over a cable of so many bytes; how many went. */
  const rename = async (deviceName: string, length: number): Promise<number> => {
    const cable = new Cable(await openConnection(rig.port), length);
    const board = await openBoard(cable);
    const changes = [{ path: ["deviceName"], value: deviceName }];
    await provision(board, await openTarget(board), { changes, noRestart: true });
    await releaseBoard(board);
    await board.close();
    return cable.sent;
  };
  const nameNow = async (): Promise<unknown> => {
    const board = await openBoard(rig.port);
    const shown = await showSettings(board, await openTarget(board));
    await releaseBoard(board);
    await board.close();
    return shown?.deviceName;
  };
  const board = await openBoard(rig.port);
  await provision(board, await openTarget(board), { settings: SETTINGS });
  await board.close();

  const whole = await rename("first", Number.POSITIVE_INFINITY);
  assert.equal(await nameNow(), "first");
  assert.ok(whole > 8000, `${whole}`);
  for (const share of [0.05, 0.5, 0.9, 0.97]) {
    await assert.rejects(rename("second", Math.floor(share * whole)), (error) => {
      assert.ok(error instanceof BoardError);
      assert.equal(error.exitCode, 7, error.message);
      return true;
    });
    assert.match(String(await nameNow()), /^(first|second)$/, `${share}`);
  }
  await rename("third", Number.POSITIVE_INFINITY);
  assert.equal(await nameNow(), "third");
  await rig.close();
});
