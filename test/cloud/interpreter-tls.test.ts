/**
 * The interpreter's TLS, which offers key exchange with static RSA only, reaches the platform.
 * @module
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { generate } from "mqtt-packet";
import { findInterpreter } from "../../host/board/find-interpreter.ts";
import { startCloud } from "../../host/cloud/index.ts";
import { runOnInterpreter } from "../build/interpreter.ts";
import { connectOptions } from "./device.ts";

const interpreter = findInterpreter();

test("logs on over TLS from the interpreter", {
  skip: interpreter ? false : "no Espruino interpreter (ESPRUINO, espruino-linux)",
}, async () => {
  const cloud = await startCloud();
  const folder = await mkdtemp(join(tmpdir(), "cloud-tls-"));
  try {
    const { clientId = "", username = "", password } = connectOptions(cloud, { tls: true });
    const packet = generate({
      cmd: "connect",
      protocolId: "MQTT",
      protocolVersion: 4,
      clean: true,
      clientId,
      username,
      password: Buffer.from(String(password)),
      keepalive: 60,
    });
    const script = join(folder, "log-on.js");
    await writeFile(
      script,
      `require("tls").connect(${JSON.stringify(cloud.endpoints.mqtts)}, function (socket) {
           socket.on("data", function (data) { print("got " + btoa(data)); quit(); });
           socket.write(atob("${packet.toString("base64")}"));
         });`,
    );
    const online = once(cloud.trace, "status");
    const output = await runOnInterpreter(interpreter as string, script);
    assert.match(output, new RegExp(`got ${Buffer.from([0x20, 2, 0, 0]).toString("base64")}`));
    assert.equal((await online)[0].online, true);
  } finally {
    await cloud.close();
    await rm(folder, { recursive: true });
  }
});
