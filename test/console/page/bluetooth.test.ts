/**
 * A board set up in the browser over Bluetooth, as a person does it: Chromium with a simulated device,
 * behind which a virtual board runs the firmware.
 * @module
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { type Cloud, startCloud } from "../../../host/cloud/index.ts";
import { advertise, type BluetoothDevice } from "../../../host/console/bluetooth-device.ts";
import { findChromium, launchChromium } from "../../../host/console/browser.ts";
import { type Console, startConsole } from "../../../host/console/index.ts";
import { loadPage } from "../../../host/console/page-build.ts";
import { openTarget, showSettings } from "../../../host/provision/index.ts";
import { openBoard } from "../../../host/serial/index.ts";
import { VirtualRig } from "../../provision/rig.ts";
import { barriers, DESK, PHONE, reads } from "../person.ts";

const PASSWORD = "virtual-board";

const chromium = findChromium();
if (!chromium) console.log("no chromium on the PATH and no $CHROMIUM: Bluetooth is not tested");

describe("a board over Bluetooth", { skip: !chromium }, () => {
  let rig: VirtualRig;
  let cloud: Cloud;
  let site: Console;
  let browser: Browser;
  let page: Page;
  let device: BluetoothDevice;
  /** Of the device in the platform; two of them never leave the board. */
  let credentials: Record<"productKey" | "productSecret" | "deviceName" | "deviceSecret", string>;
  const complaints: string[] = [];
  const said: string[] = [];

  before(async () => {
    [rig, cloud, browser] = await Promise.all([
      VirtualRig.start("esp32"),
      startCloud({}),
      launchChromium(chromium as string),
    ]);
    site = await startConsole({ cloud });
    // Built before anybody waits for it.
    await loadPage();
    const [product] = cloud.products;
    const [own] = product?.devices ?? [];
    if (!product || !own) throw new Error("the demo products hold no device");
    const { productKey, productSecret } = product;
    credentials = { productKey, productSecret, ...own };
    page = await browser.newPage({ locale: "en-GB", viewport: DESK });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      said.push(message.text());
      if (message.type() === "error") complaints.push(message.text());
    });
    device = await advertise(page, rig.machine);
    await page.goto(`${site.url}/board`);
  });
  after(async () => {
    await browser.close();
    await site.close();
    await cloud.close();
    await rig.close();
  });

  const connect = () => page.getByRole("button", { name: "Choose a board" }).click();
  const save = () => page.getByRole("button", { name: "Save and restart the board" }).click();
  const server = () => `127.0.0.1:${cloud.endpoints.mqtt.port}`;
  const form = () => page.getByRole("form", { name: "Settings" });
  const card = () => page.getByRole("region", { name: "Board" });

  const network = (number: number) => form().getByRole("group", { name: `Network ${number}` });

  const disconnect = async () => {
    await page.getByRole("button", { name: "Disconnect" }).click();
    await page.getByRole("button", { name: "Choose a board" }).waitFor();
  };

  /** Waits until the board's console has said something. */
  function says(pattern: RegExp): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!pattern.test(rig.heard())) return;
        stop();
        resolve();
      };
      const stop = rig.machine.onConsole(look);
      look();
    });
  }

  /**
   * The settings on the board, as `npm run provision -- --show` reads them: while the page is not
   * connected, for the console is one and the same.
   */
  async function settings() {
    const board = await openBoard(rig.port);
    try {
      return await showSettings(board, await openTarget(board));
    } finally {
      await board.close();
    }
  }

  test("a chooser that is left without a choice is no fault of the board", async () => {
    device.chooser = "cancel";
    await connect();
    await reads(page.getByRole("alert"), "No board was chosen.");
    device.chooser = "choose";
    await connect();
    await reads(card(), "Not set up");
    await reads(card(), /ESP32 2v\d+/);
    await page.getByText("No board was chosen.").waitFor({ state: "detached" });
    assert.equal(await page.locator(".esp-tools-name").count(), 0);
  });

  test("wrong fields are named, and the board is left as it is", async () => {
    await form().getByLabel("Server", { exact: true }).fill("not a server");
    await form().getByLabel("Product key").fill(credentials.productKey);
    await form().getByLabel("Device name").fill(credentials.deviceName);
    await save();
    const field = form().getByLabel("Server", { exact: true });
    await reads(
      form().locator(".field", { has: page.getByLabel("Server", { exact: true }) }),
      "has to be a host or host:port",
    );
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    await reads(form().locator(".answer"), "Server: has to be a host or host:port");
    await reads(form(), "The board has no settings yet.");
    await disconnect();
    assert.equal(await settings(), undefined);
  });

  test("a board without settings is given them, and goes online", async () => {
    await connect();
    await network(1).getByLabel("Network name").fill("virtual");
    await network(1).getByLabel("Password", { exact: true }).fill(PASSWORD);
    await form().getByLabel("Server", { exact: true }).fill(server());
    await form().getByLabel("Product key").fill(credentials.productKey);
    await form().getByLabel("Device name").fill(credentials.deviceName);
    await form().getByLabel("Device secret").fill(credentials.deviceSecret);
    await save();
    await reads(page.getByRole("status"), "restarts with them");
    await connect();
    await reads(card(), "Online");
    await reads(card(), /Wi-Fi virtual, \d/);
    await disconnect();
    assert.deepEqual(await settings(), {
      productKey: credentials.productKey,
      deviceName: credentials.deviceName,
      deviceSecret: null,
      server: server(),
      wifi: [{ ssid: "virtual", password: null }],
    });
  });

  test("shows what the board logs, at the level that is asked for", async () => {
    await connect();
    await page.getByLabel("Level", { exact: true }).selectOption("Debug");
    await says(/"debug"\]\]/);
    await cloud.setProperty(credentials, { power_switch: 0 });
    await reads(page.getByRole("log"), /debug ali: < .*property\/set/);
  });

  test("secrets don't come back, and nobody is kept out", async () => {
    await reads(form(), "Set on the board, and never shown.");
    const secrets = [PASSWORD, credentials.deviceSecret];
    const inputs = await form()
      .locator("input")
      .evaluateAll((all) => all.map((one) => (one as unknown as { value: string }).value));
    const shown = (await page.content()) + inputs.join() + said.join() + rig.heard();
    for (const secret of secrets) assert.ok(!shown.includes(secret));
    // The library's log would have them in pieces.
    assert.ok(!said.some((line) => line.includes("UART")));
    assert.deepEqual(await barriers(page), []);
    await page.setViewportSize(PHONE);
    await page.emulateMedia({ colorScheme: "dark" });
    assert.deepEqual(await barriers(page, ["color-contrast"]), []);
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), PHONE.width);
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(DESK);
  });

  test("a board that goes away in the middle keeps what it had", async () => {
    await form().getByLabel("Device name").fill("demo_0002");
    let pieces = 0;
    device.isOutOfReach = (piece) => piece.includes("_$u") && ++pieces > 0;
    await save();
    await reads(page.getByRole("alert"), "The connection to the board ended.");
    assert.ok(pieces > 0);
    device.isOutOfReach = () => false;
    assert.equal((await settings())?.deviceName, credentials.deviceName);
  });

  test("another visit changes one field, and only that is sent", async () => {
    const old = await settings();
    await connect();
    await reads(card(), "Online");
    const before = device.sent.length;
    await save();
    await reads(form().locator(".answer"), "Nothing was changed.");
    await form()
      .getByLabel("Server", { exact: true })
      .fill(`localhost:${cloud.endpoints.mqtt.port}`);
    await save();
    await reads(page.getByRole("status"), "restarts with them");
    const changes = [{ path: ["server"], value: `localhost:${cloud.endpoints.mqtt.port}` }];
    const list = JSON.stringify(changes.map(({ path, value }) => [path, value]));
    assert.ok(device.sent.slice(before).includes(btoa(list)));
    await connect();
    // Nobody could log on without the secrets that stayed.
    await reads(card(), "Online");
    await disconnect();
    assert.deepEqual(await settings(), { ...old, server: changes[0]?.value });
  });

  test("networks in order, whose passwords nobody knows; numbers, choices, what holds by itself", async () => {
    const old = await settings();
    await connect();
    await form().getByRole("button", { name: "Add a network" }).click();
    await network(2).getByLabel("Network name").fill("in the garden");
    await network(2).getByLabel("Password", { exact: true }).fill("short");
    await form().getByRole("button", { name: "Prefer network 2" }).click();
    const keepalive = page.getByLabel("Keep alive, seconds");
    const field = form().locator(".field", { has: keepalive });
    await reads(field, "Default: 60");
    await keepalive.fill("5");
    await form().getByLabel("Quality of service").selectOption("0, at most once");
    await form().getByLabel("Signature of the log-on").selectOption("hmacmd5");
    await form().getByLabel("Log level").selectOption("Debug");
    await save();
    await reads(network(1), "has to be 8 to 64 ASCII characters");
    await reads(field, "has to be from 30 to 1200");
    await network(1).getByLabel("No password").check();
    await keepalive.fill("300");
    const before = device.sent.length;
    await save();
    await reads(page.getByRole("status"), "restarts with them");
    const sent = JSON.stringify([
      [["wifi"], null, [-1, 0]],
      [["wifi", 0, "ssid"], "in the garden"],
      [["qos"], 0],
      [["signMethod"], "hmacmd5"],
      [["keepalive"], 300],
      [["log"], "debug"],
    ]);
    assert.ok(device.sent.slice(before).includes(btoa(sent)), sent);
    await connect();
    // By the second network, with the password that stayed.
    await reads(card(), "Online");
    await disconnect();
    const wifi = [{ ssid: "in the garden" }, { ssid: "virtual", password: null }];
    const more = { qos: 0, signMethod: "hmacmd5", keepalive: 300, log: "debug" };
    assert.deepEqual(await settings(), { ...old, wifi, ...more });
  });

  test("a board with a modem is asked for what that needs, and for no Wi-Fi", async () => {
    const other = await browser.newPage({ locale: "en-GB", viewport: DESK });
    const modem = await VirtualRig.start("esp32-ec600n");
    try {
      await advertise(other, modem.machine);
      await other.goto(`${site.url}/board`);
      await other.getByRole("button", { name: "Choose a board" }).click();
      const form = other.getByRole("form", { name: "Settings" });
      await form.getByLabel("Server", { exact: true }).fill("127.0.0.1:1883");
      await form.getByLabel("Product key").fill(credentials.productKey);
      await form.getByLabel("Device name").fill(credentials.deviceName);
      await form.getByLabel("Device secret").fill(credentials.deviceSecret);
      await form.getByLabel("User").fill("guest");
      await form.getByLabel("PIN of the SIM card").fill("1234");
      await form.getByLabel("Roaming").selectOption("Yes");
      await form.getByLabel("TLS").first().selectOption("by the modem, server not verified");
      assert.equal(await form.getByText("Wi-Fi").count(), 0);
      await form.getByRole("button", { name: "Save and restart" }).click();
      const apn = other.getByLabel("Access point");
      await reads(form.locator(".field", { has: apn }), "user and password are its own");
      await apn.fill("internet");
      assert.deepEqual(await barriers(other), []);
      await form.getByRole("button", { name: "Save and restart" }).click();
      await reads(other.getByRole("status"), "restarts with them");
      const board = await openBoard(modem.port);
      const shown = await showSettings(board, await openTarget(board));
      await board.close();
      const access = { apn: "internet", user: "guest", pin: null };
      const wanted = { ...access, roaming: true, tls: "unverified" };
      assert.deepEqual(shown?.cellular, wanted);
    } finally {
      await other.close();
      await modem.close();
    }
  });

  test("breaks no rule of the page's content policy", () => {
    assert.deepEqual(complaints, []);
  });

  test("says where Bluetooth is missing", async () => {
    const other = await browser.newPage({ locale: "en-GB" });
    await other.addInitScript("delete Navigator.prototype.bluetooth");
    await other.goto(`${site.url}/board`);
    await reads(other.getByRole("alert"), "This browser has no Web Bluetooth.");
    await other.close();
  });
});
