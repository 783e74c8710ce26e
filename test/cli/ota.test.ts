/**
 * `npm run ota` against a local platform and a device of MQTT.js.
 * @module
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { writeAccessFile } from "../../host/cli/ota/access.ts";
import { otaCommand } from "../../host/cli/ota/command.ts";
import { ApiError, IotApi, iot } from "../../host/cli/ota/iot-api.ts";
import { ProgressBar } from "../../host/cli/ota/progress-bar.ts";
import { type Cloud, startCloud, type TraceTask } from "../../host/cloud/index.ts";
import { packFiles, packImage } from "../../host/image/image.ts";
import { OtaDevice, PRODUCT } from "../cloud/ota-setup.ts";
import { program } from "../compiled/program.ts";

const SCRIPT = join(import.meta.dirname, "../../host/cli/ota.ts");
const MODULE = "tracker";
const IMAGE = {
  board: "esp32",
  module: MODULE,
  version: "1.1.0",
  entries: [
    { name: "main.js", bytes: Buffer.from('print("new");') },
    { name: "note.txt", bytes: Buffer.from("a note") },
  ],
};

let cloud: Cloud;
let device: OtaDevice;
let folder: string;
let image: string;
/** The local platform's data directory. */
let data: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "ota-cli-"));
  image = join(folder, "tracker-1.1.0.bin");
  await writeFile(image, packImage(IMAGE));
  cloud = await startCloud();
  device = await OtaDevice.connect(cloud);
  data = await leaveAccess("data");
});
after(async () => {
  await device.end();
  await cloud.close();
  await rm(folder, { recursive: true });
});

/** What a running `npm run cloud` leaves. */
async function leaveAccess(name: string, more: object = {}): Promise<string> {
  const { accessKeyId, accessKeySecret, endpoints } = cloud;
  const { openapi } = endpoints;
  const productKeys = ["a1Tracker01", PRODUCT];
  const directory = join(folder, name);
  await mkdir(directory, { recursive: true });
  await writeAccessFile(directory, { openapi, accessKeyId, accessKeySecret, productKeys, ...more });
  return directory;
}

interface Run {
  code: number;
  out: string;
  err: string;
}

/** Runs a command line in this process. */
async function run(args: string[], env: Record<string, string> = {}): Promise<Run> {
  const texts = { out: "", err: "" };
  const screen = (name: "out" | "err") => ({
    write: (text: string) => {
      texts[name] += text;
    },
  });
  const terminal = { out: screen("out"), err: screen("err") };
  return { code: await otaCommand(args, env, terminal), ...texts };
}

/** Runs it as a command. */
async function spawned(args: string[]): Promise<Run> {
  const child = spawn(process.execPath, [...program(SCRIPT), ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { out: "", err: "" };
  child.stdout.on("data", (data: Buffer) => {
    texts.out += data;
  });
  child.stderr.on("data", (data: Buffer) => {
    texts.err += data;
  });
  const [code] = (await once(child, "close")) as [number];
  return { code, ...texts };
}

/** Plays the device's part in the next update: what it does with a push. */
async function play(part: (data: Record<string, unknown>) => Promise<void>): Promise<void> {
  const data = await device.pushed();
  await part(data);
}

test("push: uploads, starts a job, shows progress, ends with 0", async () => {
  await device.inform("1.0.0", MODULE);
  const seen = new Promise<TraceTask>((resolve) => cloud.trace.once("task", resolve));
  const playing = play(async (data) => {
    assert.deepEqual([data.version, data.module, data.signMethod], ["1.1.0", MODULE, "Sha256"]);
    const body = Buffer.from(await (await fetch(String(data.url))).arrayBuffer());
    assert.deepEqual(body, packImage(IMAGE));
    assert.equal(data.sign, createHash("sha256").update(body).digest("hex"));
    await device.progress(40, "downloading", MODULE);
    await device.inform("1.1.0", MODULE);
  });
  const args = ["push", image, "--device", device.name, "--data", "data"];
  const { code, out, err } = await spawned(args);
  await playing;
  assert.equal(code, 0, err);
  assert.match(out, /^tracker 1\.1\.0 for esp32, \d+ bytes, unsigned → demo_0001$/m);
  const { task } = await seen;
  assert.match(out, new RegExp(`^Job ${task.jobId} on 127\\.0\\.0\\.1:\\d+$`, "m"));
  assert.match(out, /^demo_0001 100 SUCCEEDED$/m);
  assert.match(out, /^1 of 1 updated to 1\.1\.0$/m);
  assert.equal(out.includes("\r"), false, "lines where there is no terminal");
});

test("push: the device's words and code 1 when it fails; keys from the environment", async () => {
  const playing = play(async (data) => {
    assert.equal(data.signMethod, "Md5");
    assert.equal(data.dProtocol, "mqtt");
    await device.progress(-3, "digest\u001b[31m differs", MODULE);
  });
  const { code, out, err } = await run(
    [
      ...["push", image, "--device", device.name, "--product-key", PRODUCT],
      ...["--endpoint", cloud.endpoints.openapi, "--mqtt", "--md5", "--timeout", "60"],
    ],
    {
      ALIBABA_CLOUD_ACCESS_KEY_ID: cloud.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: cloud.accessKeySecret,
    },
  );
  await playing;
  assert.equal(code, 1, err);
  assert.match(out, /^demo_0001 -3 FAILED digest�\[31m differs$/m);
  assert.match(out, /^0 of 1 updated/m);
});

test("push: several files, a limited wait, and cancelling what is left", async () => {
  const paths: string[] = [];
  for (const { name, bytes } of packFiles(IMAGE)) {
    paths.push(join(folder, name));
    await writeFile(join(folder, name), bytes);
  }
  const { code, out, err } = await run([
    ...["push", ...paths, "--device", device.name, "--data", data, "--wait", "1"],
  ]);
  assert.equal(code, 1, err);
  assert.match(out, /1 not done yet/);
  const files = (await device.pushed()).files as { fileName: string }[];
  assert.deepEqual(
    files.map(({ fileName }) => fileName),
    ["image.header", "main.js", "note.txt"],
  );
  const jobId = /^Job (\S+)/m.exec(out)?.[1] ?? "";
  assert.equal(cloud.ota.task(jobId, device.name)?.status, "NOTIFIED");
  const cancelled = await run(["cancel", jobId, "--data", data]);
  assert.equal(cancelled.code, 0, cancelled.err);
  assert.equal(cloud.ota.task(jobId, device.name)?.status, "CANCELED");
});

test("list: packages with their jobs, and versions of devices", async () => {
  const { code, out, err } = await run(["list", "--data", data, "--device", device.name]);
  assert.equal(code, 0, err);
  const lines = out.trimEnd().split("\n");
  const states = lines
    .slice(0, 3)
    .map((line) => /^tracker 1\.1\.0 of .*Z: job \S+ (\w+)$/.exec(line)?.[1]);
  assert.deepEqual(states, ["CANCELED", "COMPLETED", "COMPLETED"], "the newest first");
  assert.deepEqual(lines.slice(3), [`${device.name} has ${MODULE} 1.1.0`]);
  const elsewhere = await run(["list", "--data", data, "--product-key", "a1Tracker01"]);
  assert.deepEqual(elsewhere, { code: 0, out: "", err: "" });
});

test("commands that can't be used end with 2 and say why", async () => {
  const bad = join(folder, "bad.bin");
  const bytes = packImage(IMAGE);
  bytes.writeUInt8(bytes.readUInt8(1030) ^ 1, 1030);
  await writeFile(bad, bytes);
  const keys = join(folder, "keys.json");
  await writeFile(keys, '{"accessKeySecret":"hidden"', { mode: 0o600 });
  const named = ["--device", device.name];
  for (const [args, expected] of [
    [[], /no command: push, list or cancel/],
    [["pull"], /"pull": push, list or cancel/],
    [["push", image], /which device/],
    [["push", ...named], /which image/],
    [["push", join(folder, "none.bin"), ...named], /none\.bin can't be read/],
    [["push", bad, ...named], /SHA-256 of the entries differs/],
    [["push", SCRIPT, ...named], /not an image/],
    [["push", image, ...named, "--timeout", "0"], /--timeout is "0".*1 to 1440/],
    [["push", image, ...named, "--access-key-secret", "x"], /access-key-secret/],
    [["push", image, ...named, "--data", join(folder, "nowhere")], /no platform.*npm run cloud/],
    [["push", image, ...named, "--endpoint", "iot.example.invalid"], /no access key.*ALIBABA/],
    [["push", image, ...named, "--keys", keys], /has to hold a JSON object/],
    [["push", image, "--device", "nobody", "--data", data], /which product has nobody/],
    [["cancel"], /which job/],
    [["list", "all"], /list takes no "all"/],
  ] as const) {
    const { code, out, err } = await run([...args]);
    assert.equal(code, 2, err);
    assert.equal(out, "", args.join(" "));
    assert.match(err, expected);
    assert.equal(err.includes("hidden"), false);
  }
});

test("what the platform refuses ends with 1 and its code", async () => {
  const wrong = await leaveAccess("wrong", { accessKeySecret: "another" });
  const { code, err } = await run(["push", image, "--device", device.name, "--data", wrong]);
  assert.equal(code, 1);
  assert.match(err, /SignatureDoesNotMatch/);
  assert.equal(err.includes(cloud.accessKeySecret), false);
});

test("--help", async () => {
  const { code, out } = await spawned(["--help"]);
  assert.equal(code, 0);
  assert.equal((await spawned(["pull"])).code, 2);
  for (const word of ["push IMAGE", "--device", "--endpoint", "--keys", "--mqtt", "cancel JOB"]) {
    assert.ok(out.includes(word), word);
  }
});

test("the access file is its owner's alone, also where there was another one", async () => {
  const file = join(await leaveAccess("private"), "access.json");
  await chmod(file, 0o644);
  await leaveAccess("private");
  assert.equal((await stat(file)).mode & 0o777, 0o600);
});

/** A platform's front that refuses the first requests for their rate. */
async function throttle(
  times: number,
): Promise<{ server: Server; endpoint: string; seen(): number }> {
  let seen = 0;
  const server = createServer((_request, response) => {
    seen++;
    const busy = seen <= times;
    const refusal = {
      Code: "Throttling.User",
      Message: "Request was denied due to user flow control.",
    };
    const body = busy ? refusal : { Success: true, Data: [{ ModuleName: "default" }] };
    response.writeHead(busy ? 400 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { server, endpoint: `127.0.0.1:${port}`, seen: () => seen };
}

for (const [times, expected] of [
  [3, "answer"],
  [1000, "error"],
] as const) {
  test(`a cloud that throttles ${times} times`, async () => {
    const { server, endpoint, seen } = await throttle(times);
    const access = { endpoint, accessKeyId: "i", accessKeySecret: "s", productKeys: [] };
    const api = new IotApi({ ...access, protocol: "HTTP" }, 1);
    const request = new iot.ListOTAModuleByProductRequest({ productKey: PRODUCT });
    const answer = api.call("List", () => api.client.listOTAModuleByProduct(request));
    if (expected === "answer") {
      assert.equal((await answer).data?.[0]?.moduleName, "default");
      assert.equal(seen(), times + 1);
    } else {
      await assert.rejects(answer, (error) => {
        assert.ok(error instanceof ApiError);
        assert.equal(error.code, "Throttling.User");
        return true;
      });
      assert.equal(seen(), 7, "it gives up");
    }
    server.closeAllConnections();
    server.close();
  });
}

test("the bar of a terminal is redrawn in place", () => {
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const bar = new ProgressBar({ isTTY: true, columns: 60, write });
  const task = { deviceName: "d1", status: "IN_PROGRESS", progress: 50, desc: "half" };
  bar.show([task]);
  bar.show([task]);
  const half = "\r\x1b[2Kd1  [###############---------------]  50 % IN_PROGRESS half";
  assert.equal(text, half, "what has not changed is not drawn again");
  text = "";
  bar.show([{ ...task, status: "SUCCEEDED", progress: 100, desc: "" }]);
  assert.equal(text, "\r\x1b[2Kd1  [##############################] 100 % SUCCEEDED\n");
  text = "";
  bar.show([{ ...task, progress: 60, desc: "x".repeat(100) }]);
  assert.equal(text.length, "\r\x1b[2K".length + 59, "cut to the width");
});
