/**
 * Settings that a person is asked for.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { askSettings, type SettingChange } from "../../host/provision/index.ts";

const OLD = {
  productKey: "a1B2c3D4e5F",
  deviceName: "tracker_0001",
  deviceSecret: null,
  server: "iot-as-mqtt.cn-shanghai.aliyuncs.com",
  qos: 0,
  wifi: [{ ssid: "home", password: null }],
};

/** Answers one question after the other; what was asked, refused, and came of it. */
async function talk(
  old: Record<string, unknown> | undefined,
  link: "wifi" | "host" | "modem",
  answers: string[],
): Promise<{ changes: SettingChange[]; asked: string[]; refused: string[] }> {
  const asked: string[] = [];
  const refused: string[] = [];
  const ask = async (question: string, secret: boolean) => {
    asked.push(`${secret ? "* " : ""}${question}`);
    const answer = answers.shift();
    assert.notEqual(answer, undefined, `one question too many: ${question}`);
    return answer as string;
  };
  const changes = await askSettings(old, link, ask, (text) => refused.push(text));
  assert.deepEqual(answers, []);
  return { changes, asked, refused };
}

test("a board without settings is asked all that it needs; secrets are not seen", async () => {
  const answers = ["a1B2", "meter", "s3cret", "192.168.1.2:1883", "home", "open sesame"];
  const { changes, asked, refused } = await talk(undefined, "wifi", answers);
  assert.deepEqual(changes, [
    { path: ["productKey"], value: "a1B2" },
    { path: ["deviceName"], value: "meter" },
    { path: ["deviceSecret"], value: "s3cret" },
    { path: ["server"], value: "192.168.1.2:1883" },
    { path: ["wifi", 0, "ssid"], value: "home" },
    { path: ["wifi", 0, "password"], value: "open sesame" },
  ]);
  assert.equal(asked[0], "productKey (e.g. a1B2c3D4e5F): ");
  assert.deepEqual(
    asked.filter((question) => question.startsWith("* ")),
    ["* deviceSecret: ", "* wifi[0].password (Enter: none): "],
  );
  assert.deepEqual(refused, []);
});

test("what does not do is asked again", async () => {
  const answers = ["a-1", "", "a1", "meter", "", "s3cret", "h:99999", "h:1883", "", "x".repeat(33)];
  const { changes, refused } = await talk(undefined, "wifi", [...answers, "home", "short", ""]);
  assert.deepEqual(
    changes.map(({ value }) => value),
    ["a1", "meter", "s3cret", "h:1883", "home"],
  );
  assert.equal(refused.length, 7, refused.join("\n"));
  assert.match(refused[3] ?? "", /^server has a bad port/);
  assert.match(refused[6] ?? "", /^wifi\[0\]\.password has to be 8 to 64/);
  assert.doesNotMatch(refused.join(), /short/);
});

test("Enter keeps what the board has, whose secrets are not told", async () => {
  const { changes, asked } = await talk(OLD, "wifi", ["", "tracker_0002", "", "", "", ""]);
  assert.deepEqual(changes, [{ path: ["deviceName"], value: "tracker_0002" }]);
  assert.equal(asked[1], "deviceName (Enter: tracker_0001): ");
  assert.equal(asked[2], "* deviceSecret (Enter: as it is): ");
});

test("other links ask for other things", async () => {
  const modem = await talk(undefined, "modem", ["a1", "meter", "s", "h", ""]);
  assert.equal(modem.asked[4], "cellular.apn (Enter: none): ");
  assert.equal(modem.changes.length, 4);
  assert.equal((await talk(OLD, "host", ["", "", "", ""])).changes.length, 0);
});
