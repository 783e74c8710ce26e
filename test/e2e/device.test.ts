/**
 * What a device does when things are not as in the usage example, through the REPL's `ali.server`.
 * @module
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import test, { type TestContext } from "node:test";
import type { Stage, StageOptions } from "../../host/demo/stage.ts";
import type { Seen } from "../../host/demo/watch.ts";
import { type EngineUnderTest, engines, stageFor } from "./engines.ts";

/** Console text so far, and a way to wait for more of it. */
class Console {
  text = "";
  private readonly looks = new Set<() => void>();

  constructor(stage: Stage) {
    stage.board.onConsole((text) => {
      this.text += text;
      for (const look of [...this.looks]) look();
    });
  }

  /** Waits until the board has printed what fits. */
  until(wanted: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`never printed ${wanted}, but:\n${this.text}`)),
        20_000,
      );
      const look = () => {
        const found = wanted.exec(this.text);
        if (!found) return;
        clearTimeout(timer);
        this.looks.delete(look);
        resolve(found[0]);
      };
      this.looks.add(look);
      look();
    });
  }
}

async function start(
  context: TestContext,
  engine: EngineUnderTest,
  options: Omit<StageOptions, "build" | "engine"> = {},
) {
  const stage = await stageFor(engine, options);
  context.after(() => stage.close());
  const printed = new Console(stage);
  await stage.board.powerOn();
  return { stage, printed };
}

/** Starts, and waits until the sample application has nothing more to say. */
async function startAndSettle(
  context: TestContext,
  engine: EngineUnderTest,
  options: Omit<StageOptions, "build" | "engine"> = {},
) {
  const settings = { log: "debug", ...options.settings };
  const running = await start(context, engine, { ...options, settings });
  await running.printed.until(/debug ali: < .*\/thing\/ota\/firmware\/get_reply/);
  return running;
}

function isDown(ending: string) {
  return (seen: Seen) =>
    seen.kind === "message" && seen.direction === "down" && seen.topic.endsWith(ending);
}

function isUp(ending: string) {
  return (seen: Seen): seen is Extract<Seen, { kind: "message" }> =>
    seen.kind === "message" && seen.direction === "up" && seen.topic.endsWith(ending);
}

for (const engine of engines()) {
  test(`${engine.name}: a wrong secret gives code 5 and no secret on the console`, async (context) => {
    const deviceSecret = "0123456789abcdef0123456789abcdef";
    const { stage, printed } = await start(context, engine, { settings: { deviceSecret } });
    await stage.watch.wait("the refusal", 0, (seen) => seen.kind === "refusal" && seen.code === 5);
    await printed.until(/not authorized/);
    assert.equal(await stage.board.evaluate("ali.server.status"), "false");
    assert.ok(!printed.text.includes(deviceSecret));
  });

  test(`${engine.name}: a first attempt that fails does not keep the version from being told`, async (context) => {
    const stage = await stageFor(engine);
    context.after(() => stage.close());
    const printed = new Console(stage);
    stage.network.cut();
    await stage.board.powerOn();
    await printed.until(/warn ali: connection (failed|closed)/);
    const from = stage.watch.now;
    await stage.network.restore();
    await stage.watch.wait("the version's report", from, (one) => {
      return one.kind === "message" && one.topic.startsWith("/ota/device/inform/");
    });
  });

  test(`${engine.name}: bad settings name the field and keep off the network`, async (context) => {
    const settings = { deviceName: "a b", log: "debug" };
    const { stage, printed } = await start(context, engine, { settings });
    await printed.until(/"deviceName" may hold letters, digits/);
    assert.equal(stage.watch.now, 0);
  });

  test(`${engine.name}: members of the manual through the REPL`, async (context) => {
    const { stage, printed } = await startAndSettle(context, engine);
    const { board, cloud, device } = stage;

    // Adding twice gives false; adding after connect subscribes at once.
    assert.equal(await board.evaluate('ali.server.addEvent("low_power_alarm")'), "false");
    assert.match(await board.evaluate('ali.server.addEvent("bad name")'), /refused.*\nfalse$/);
    assert.equal(await board.evaluate('ali.server.addService("query_phone_num")'), "false");

    // Unknown properties: still 200, with a remark per identifier.
    await board.evaluate('ali.server.propertiesReport({nonsense:1}).then(r=>print("R1="+r))');
    await printed.until(/R1=true/);
    const remarks = await board.evaluate("JSON.stringify(ali.server.lastReply.data)");
    assert.ok(JSON.parse(remarks).nonsense, remarks);

    // An unknown event is refused with a code of the platform.
    await board.evaluate('ali.server.eventReport("nothing",{}).then(r=>print("R2="+r))');
    await printed.until(/R2=false/);
    assert.notEqual(await board.evaluate("ali.server.lastReply.code"), "200");

    // An exception in the callback is logged; the connection goes on.
    await board.evaluate('ali.server.setCallback(()=>{throw new Error("oops")})');
    await assert.rejects(cloud.setProperty(device, { power_switch: 1 }, { timeoutMs: 1000 }));
    await printed.until(/error ali: the callback failed on .*property\/set: .*oops/);
    assert.equal(await board.evaluate("ali.server.status"), "true");

    // Progress: only the platform's steps.
    await board.evaluate('ali.server.otaDeviceProgress(0,"x","m").then(r=>print("R3="+r))');
    await printed.until(/R3=false/);
    const from = stage.watch.now;
    await board.evaluate('ali.server.otaDeviceProgress(35,"half","m").then(r=>print("R4="+r))');
    await printed.until(/R4=true/);
    const progress = stage.watch.seen.slice(from).find(isUp(`/${device.deviceName}`));
    assert.deepEqual(JSON.parse(progress?.payload.toString() ?? "").params, {
      step: "35",
      desc: "half",
      module: "m",
    });

    const product = cloud.products.find(({ productKey }) => productKey === device.productKey);
    const own = product?.devices.find(({ deviceName }) => deviceName === device.deviceName);
    const info = JSON.parse(await board.evaluate("JSON.stringify(ali.server.authInfo)"));
    assert.deepEqual(info, {
      productKey: device.productKey,
      productSecret: product?.productSecret,
      deviceName: device.deviceName,
      deviceSecret: own?.deviceSecret,
    });
  });

  test(`${engine.name}: nothing but authInfo shows a secret`, async (context) => {
    const { stage, printed } = await startAndSettle(context, engine);
    const { board, cloud } = stage;
    for (const shown of ["ali.status()", "ali.stats()", "ali.help()", "ali", "ali.server"]) {
      await board.evaluate(shown);
    }
    await board.evaluate("Object.keys(global).filter(k=>k[0]=='$').map(k=>global[k])");
    const product = cloud.products[0];
    assert.match(printed.text, /"deviceName": "demo_0001"/, "the members of objects are printed");
    const { productSecret, devices } = product ?? {};
    const { deviceName = "", deviceSecret = "" } = devices?.[0] ?? {};
    const { productKey } = stage.device;
    const password = createHmac("sha256", deviceSecret)
      .update(`clientId${productKey}.${deviceName}deviceName${deviceName}productKey${productKey}`)
      .digest("hex");
    for (const secret of [productSecret, deviceSecret, password, "virtual-board"]) {
      assert.ok(secret && !printed.text.includes(secret));
    }
  });

  test(`${engine.name}: Chinese text arrives intact both ways`, async (context) => {
    const { stage } = await startAndSettle(context, engine);
    const { cloud, device, watch } = stage;
    const from = watch.now;
    const reply = await cloud.setProperty(device, { phone_num: "中文号码☎" });
    assert.equal(reply.code, 200);
    await watch.wait("the report", from, isUp("/thing/event/property/post"));
    const view = cloud.device(device.productKey, device.deviceName);
    assert.equal((await view.properties()).phone_num?.value, "中文号码☎");
    const answer = await cloud.invokeService(device, "query_phone_num");
    assert.deepEqual(answer.data, { phone_num: "中文号码☎" });
  });

  test(`${engine.name}: replies in a stall are missed, dropped when late, and nothing waits`, async (context) => {
    const { stage, printed } = await startAndSettle(context, engine, {
      settings: { replyTimeout: 2000 },
    });
    const { board, network } = stage;
    network.stall();
    const report = "ali.server.propertiesReport({energy:50})";
    await board.evaluate(`Promise.all([${report},${report}]).then(r=>print("R="+r))`);
    await printed.until(/R=false,false/);
    assert.equal(await board.evaluate("ali.server.lastReply.code"), "32");
    const late = stage.watch.now;
    await network.restore();
    await stage.watch.wait("the late reply", late, isDown("/property/post_reply"));
    await board.evaluate(`${report}.then(r=>print("R2="+r))`);
    await printed.until(/R2=true/);
    const stats = JSON.parse(await board.evaluate("JSON.stringify(ali.stats())"));
    assert.deepEqual([stats.timeouts, stats.lateReplies, stats.waiting], [2, 2, 0]);
    assert.equal(stats.mqtt.outbox, 0);
  });

  test(`${engine.name}: has the right time, and reports it`, async (context) => {
    const { stage } = await startAndSettle(context, engine);
    const { board, watch } = stage;
    const shown = Number(await board.evaluate("Math.floor(Date.now())"));
    assert.ok(Math.abs(shown - Date.now()) < 5000, `${shown}`);
    const asked = watch.seen.filter(isUp("/request")).length;
    assert.equal(asked, engine.board === "linux" ? 0 : 1, "only a clock of its own is set");
    const event = watch.seen.find(isUp("/thing/event/low_power_alarm/post"));
    const { time } = JSON.parse(event?.payload.toString() ?? "").params;
    assert.ok(Math.abs(time - Date.now()) < 60_000, `${time}`);
  });

  for (const signMethod of ["hmacsha1", "hmacmd5"]) {
    test(`${engine.name}: logs on with ${signMethod}`, async (context) => {
      const { stage } = await start(context, engine, { settings: { signMethod } });
      const seen = await stage.watch.wait(
        "the log-on or its refusal",
        0,
        (event) => event.kind === "refusal" || event.kind === "status",
      );
      assert.ok(seen.kind === "status" && seen.online, JSON.stringify(seen));
    });
  }

  test(`${engine.name}: message ids differ from one start to the next`, async (context) => {
    const { stage } = await startAndSettle(context, engine);
    await stage.board.powerOff();
    const from = stage.watch.now;
    await stage.board.powerOn();
    const again = await stage.watch.wait("the report", from, isUp("/thing/event/property/post"));
    const first = stage.watch.seen.find(isUp("/thing/event/property/post"));
    const id = (seen: typeof again | undefined) => JSON.parse(seen?.payload.toString() ?? "").id;
    assert.notEqual(id(again), id(first));
  });

  test(`${engine.name}: a connection that the platform ends is made again`, async (context) => {
    const { stage, printed } = await startAndSettle(context, engine);
    const from = stage.watch.now;
    await stage.cloud.disconnect(stage.device);
    await stage.watch.wait("the return", from, (seen) => seen.kind === "status" && seen.online);
    await printed.until(/connection closed/);
    const reply = await stage.cloud.invokeService(stage.device, "query_power_level");
    assert.equal(reply.code, 200);
  });
}
