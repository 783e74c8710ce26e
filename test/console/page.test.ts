/**
 * The console as a person uses it: in a browser, with a virtual board on the platform.
 * @module
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { findChromium } from "../../host/console/browser.ts";
import { imageFor } from "../../host/demo/updates.ts";
import { PROJECT_NAME } from "../../src/app/project.ts";
import { barriers, DESK, openPerson, type Person, PHONE, reads } from "./person.ts";

const chromium = findChromium();
if (!chromium) console.log("no chromium on the PATH and no $CHROMIUM: the page is not tested");

describe("the console", { skip: !chromium }, () => {
  let person: Person;
  before(async () => {
    person = await openPerson(chromium as string);
  });
  after(() => person.close());

  const open = (path: string) => person.page.goto(person.site.url + path);
  const devicePath = (section = "") => {
    const { productKey, deviceName } = person.stage.device;
    return `/devices/${productKey}/${deviceName}${section}`;
  };
  const device = () => {
    const { cloud, device } = person.stage;
    return cloud.device(device.productKey, device.deviceName);
  };

  test("a device that logs on appears online, with its version, by itself", async () => {
    const { page, stage } = person;
    await open("/");
    const row = page.getByRole("row", { name: /demo_0001/ });
    await reads(row, "Never seen");
    await stage.board.powerOn();
    await reads(row, "Online");
    await reads(row, `${PROJECT_NAME} 1.0.0`);
    await reads(row, /just now|sec\. ago/);
  });

  test("the list is filtered and sorted", async () => {
    const { page } = person;
    const names = () => page.locator("tbody th a").allTextContents();
    await page.getByRole("searchbox").fill("second");
    await reads(page.getByRole("status"), "1 of 4 devices");
    assert.deepEqual(await names(), ["demo_0002"]);
    await page.getByRole("searchbox").fill("");
    await page.getByLabel("State").selectOption("Online");
    await reads(page.getByRole("status"), "1 of 4 devices");
    assert.deepEqual(await names(), ["demo_0001"]);
    await page.getByLabel("State").selectOption("All");
    await page.getByLabel("Product", { exact: true }).selectOption("Tracker");
    await page.getByRole("button", { name: "Device" }).click();
    await page.locator("th[aria-sort=descending]").waitFor();
    assert.deepEqual(await names(), ["tracker_0002", "tracker_0001"]);
    await page.getByRole("searchbox").fill("nothing like it");
    await page.getByRole("button", { name: "Clear the filter" }).click();
    await reads(page.getByRole("status"), "4 devices");
  });

  test("properties are live, with a chart over time", async () => {
    const { page, stage } = person;
    await page.getByRole("link", { name: "demo_0001" }).click();
    const row = page.getByRole("row", { name: /energy/ });
    await reads(row, "100 %");
    for (const energy of [80, 60, 42]) await stage.board.evaluate(`ali.report({energy:${energy}})`);
    await reads(row, "42 %");
    const chart = page.getByRole("img", { name: "battery over time: 4 values" });
    await chart.locator("canvas").waitFor();
    await row.locator("svg path").waitFor();
    await page.getByText("Values as a table").click();
    await reads(page.locator(".values"), "42");
    await page.getByRole("button", { name: "5 min" }).click();
    await page.getByRole("button", { name: "5 min", pressed: true }).waitFor();
    await page.getByRole("button", { name: "Show position over time" }).click();
    await page.getByRole("img", { name: "position over time: 1 value" }).waitFor();
    await reads(page.locator(".u-legend"), "Latitude");
  });

  test("events are live", async () => {
    const { page, stage } = person;
    await page.getByRole("link", { name: "Events" }).click();
    const list = page.getByRole("list", { name: "Events, newest first" });
    await reads(list, "battery low");
    await stage.board.evaluate('ali.server.eventReport("sos_alarm",{})&&1');
    await reads(list.getByRole("listitem").first(), "call for help");
  });

  test("a writable property is set by its form, which says what does not fit", async () => {
    const { page } = person;
    await page.getByRole("link", { name: "Control" }).click();
    const form = page.getByRole("form", { name: "phone number" });
    const field = form.getByLabel("phone number");
    await field.fill("0".repeat(33));
    await form.getByRole("button", { name: "Set" }).click();
    await reads(form, "text is longer than 32 characters");
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    await field.fill("555123");
    await field.press("Enter");
    await reads(form, "Answered with 200");
    await reads(form, "Now 555123");
    assert.equal((await device().properties()).phone_num?.value, "555123");
  });

  test("services and RRPCs are called by their forms", async () => {
    const { page } = person;
    const sync = page.getByRole("form", { name: "ask for the battery" });
    await sync.getByRole("button", { name: "Call" }).click();
    await reads(sync, '"power_level": 100');
    const async = page.getByRole("form", { name: "ask for the phone number" });
    await async.getByRole("button", { name: "Call" }).click();
    await reads(async, '"phone_num": "555123"');
    const rrpc = page.getByRole("form", { name: "RRPC" });
    await rrpc.getByLabel("Payload").fill('{"any":"text"}');
    await rrpc.getByRole("button", { name: "Send" }).click();
    await reads(rrpc, '"phone_num": "555123"');
    await rrpc.getByLabel("Custom topic").fill("user/get");
    await rrpc.getByRole("button", { name: "Send" }).click();
    await reads(rrpc, 'has to begin with "/"');
  });

  test("messages are shown as they pass, filtered and paused", async () => {
    const { page, stage } = person;
    await page.getByRole("link", { name: "Messages" }).last().click();
    const rows = page.getByRole("list", { name: "Messages, newest first" }).getByRole("listitem");
    await rows.first().waitFor();
    await page.getByRole("searchbox").fill("rrpc/response");
    await reads(rows, "/rrpc/response/");
    const topics = await rows.locator(".topic").allTextContents();
    assert.ok(topics.length > 0 && topics.every((topic) => topic.includes("/rrpc/response/")));
    await rows.first().locator("summary").click();
    await reads(rows.first(), '"phone_num": "555123"');
    await page.getByRole("searchbox").fill("");
    await page.getByLabel("Direction").selectOption("to the device");
    assert.equal(await rows.locator("[aria-label='from the device']").count(), 0);
    await page.getByLabel("Direction").selectOption("All");
    await page.getByRole("button", { name: "Pause" }).click();
    await stage.board.evaluate("ali.report({energy:17})");
    await reads(page.locator(".counts"), /[1-9]\d* messages? since the pause/);
    assert.equal(await rows.filter({ hasText: '"energy":17' }).count(), 0);
    await page.getByRole("button", { name: "Resume" }).click();
    await reads(rows, '"energy":17');
    await stage.board.evaluate('ali.server.eventReport("no_such",{})&&1');
    await page.getByLabel("Code").selectOption("Not 200");
    await reads(rows, "/thing/event/no_such/post");
    const codes = await rows.locator(".code").allTextContents();
    assert.ok(codes.length > 0 && codes.every((code) => code !== "" && code !== "200"));
  });

  test("an image is uploaded, installed with progress, and is in the history", async () => {
    const { page } = person;
    await turnTo("Updates");
    await upload("1.1.0");
    await start("1.1.0");
    const job = page.getByRole("article", { name: `${PROJECT_NAME} 1.1.0` });
    await job.getByRole("progressbar", { name: "Progress of demo_0001" }).waitFor();
    const history = page.getByRole("region", { name: "History" });
    await reads(history.getByRole("article"), "1 Succeeded");
    await turnTo("Devices");
    await reads(page.getByRole("row", { name: /demo_0001/ }), `${PROJECT_NAME} 1.1.0`);
  });

  test("a cut network is marked as a fault, and an update that waits for it is cancelled", async () => {
    const { page } = person;
    await turnTo("Faults");
    await page.getByRole("button", { name: "Cut the network" }).click();
    const banner = page.locator(".banner");
    await reads(banner, "Cut the network");
    await turnTo("Devices");
    await reads(page.getByRole("row", { name: /demo_0001/ }), "Offline");
    await turnTo("Updates");
    await upload("1.2.0");
    await start("1.2.0");
    const job = page.getByRole("article", { name: `${PROJECT_NAME} 1.2.0` });
    await reads(job, "Queued");
    await job.getByRole("button", { name: `Cancel the update to ${PROJECT_NAME} 1.2.0` }).click();
    await reads(page.getByRole("region", { name: "History" }), "1 Cancelled");
    await turnTo("Faults");
    await page.getByRole("button", { name: "Restore the network" }).click();
    await banner.waitFor({ state: "detached" });
    assert.equal(await page.locator(":focus").textContent(), "Cut the network");
    await turnTo("Devices");
    await reads(page.getByRole("row", { name: /demo_0001/ }), "Online");
  });

  test("an expired address and a corrupt image strike as they are switched", async () => {
    const { page, stage } = person;
    await turnTo("Faults");
    await page.getByRole("button", { name: "Expire the address: Next download only" }).click();
    await reads(page.getByRole("region", { name: "Expire the address" }), "On for the next");
    const refused = once(stage.cloud.trace, "download");
    await turnTo("Updates");
    await start("1.2.0");
    const [download] = await refused;
    assert.equal(download.status, 403);
    const history = page.getByRole("region", { name: "History" });
    await reads(history.getByRole("article", { name: `${PROJECT_NAME} 1.2.0` }), "1 Succeeded");
    await turnTo("Faults");
    await reads(page.getByRole("region", { name: "Expire the address" }), "Off");
    await page.getByRole("button", { name: "Corrupt the image: Until switched off" }).click();
    await turnTo("Updates");
    await upload("1.3.0");
    await start("1.3.0");
    const failed = history.getByRole("article", { name: `${PROJECT_NAME} 1.3.0` });
    await reads(failed, "1 Failed");
    await failed.getByText("1 device").click();
    await reads(failed, "verification failed");
    await turnTo("Faults");
    await page.getByRole("button", { name: "Switch off: Corrupt the image" }).click();
    await page.locator(".banner").waitFor({ state: "detached" });
    assert.deepEqual(stage.cloud.ota.faults, {});
    await page.getByRole("button", { name: "Corrupt a block: Next download only" }).click();
    await turnTo("Updates");
    await upload("1.4.0");
    await start("1.4.0", "MQTT");
    await reads(history.getByRole("article", { name: `${PROJECT_NAME} 1.4.0` }), "1 Succeeded");
    await page.locator(".banner").waitFor({ state: "detached" });
  });

  test("the connection of one device is cut, and it comes back", async () => {
    const { page, stage } = person;
    await open(devicePath("/control"));
    const cut = page.getByRole("form", { name: "Cut this device's connection" });
    const gone = once(stage.cloud.trace, "status");
    await cut.getByRole("button", { name: "Cut" }).click();
    await reads(cut, "The connection was cut.");
    const [status] = await gone;
    assert.deepEqual([status.online, status.reason], [false, "cut by the platform"]);
    await reads(page.locator(".heading"), "Online");
  });

  test("secrets are shown on demand, and only those of the demo product", async () => {
    const { page, stage, bodies } = person;
    const record = await device().record();
    const [product] = stage.cloud.products;
    const secrets = [record.deviceSecret, product?.productSecret as string];
    for (const [url, body] of bodies) {
      assert.ok(!secrets.some((secret) => body.includes(secret)), url);
    }
    await open(devicePath());
    await page.getByText("Credentials").click();
    await page.getByRole("button", { name: "Reveal the demo secrets" }).click();
    for (const secret of secrets) await reads(page.locator(".credentials"), secret);
    await page.getByRole("button", { name: "Hide the secrets" }).click();
    await page.getByText(record.deviceSecret).waitFor({ state: "detached" });
    await open("/devices/a1Tracker01/tracker_0001");
    await page.getByText("Credentials").click();
    await reads(page.locator(".credentials"), "Secrets are shown for the demo product only.");
    const { status } = await fetch(
      `${person.site.url}/api/devices/a1Tracker01/tracker_0001/secret`,
      { method: "POST", headers: { "x-console": "1" } },
    );
    assert.equal(status, 403);
  });

  test("the keyboard is enough", async () => {
    const { page } = person;
    await open("/");
    await page.getByRole("row", { name: /demo_0001/ }).waitFor();
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    assert.equal(await focused.textContent(), "Skip to the content");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.equal(await focused.getAttribute("aria-label"), "Name, product or version");
    await page.keyboard.type("demo_0001");
    await reads(page.getByRole("status"), "1 of 4 devices");
    await page.getByRole("link", { name: "demo_0001" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "demo_0001" }).waitFor();
    assert.equal(await focused.getAttribute("id"), "content");
  });

  const views = [
    "/",
    "",
    "/events",
    "/control",
    "/messages",
    "//messages",
    "//updates",
    "//faults",
  ];
  const urlOf = (view: string) => {
    if (view === "/") return "/devices";
    return view.startsWith("//") ? view.slice(1) : devicePath(view);
  };

  test("axe finds nothing serious, in light and dark, and 360 pixels are wide enough", async () => {
    const { page } = person;
    for (const view of views) {
      await open(urlOf(view));
      await page.locator("main h1").waitFor();
      assert.deepEqual(await barriers(page), [], urlOf(view));
      await page.setViewportSize(PHONE);
      await page.emulateMedia({ colorScheme: "dark" });
      assert.deepEqual(
        await barriers(page, ["color-contrast"]),
        [],
        `${urlOf(view)}, narrow and dark`,
      );
      const width = await page.evaluate("document.documentElement.scrollWidth");
      assert.equal(width, PHONE.width, urlOf(view));
      await page.emulateMedia({ colorScheme: "light" });
      await page.setViewportSize(DESK);
    }
  });

  test("of 1,000 devices, as many as fit on a page are drawn", async () => {
    const { page, stage } = person;
    const { devices } = stage.cloud.registry;
    const { productKey } = stage.device;
    for (let i = 0; i < 1000; i++) {
      await devices.create({ productKey, deviceName: `many_${String(i).padStart(4, "0")}` });
    }
    await open("/devices");
    await reads(page.getByRole("status"), "1,004 devices");
    assert.equal(await page.locator("tbody tr").count(), 50);
    await page.getByRole("button", { name: "Next page" }).click();
    await reads(page.locator("tbody tr").first(), "many_0048");
    await page.getByRole("searchbox").fill("many_0777");
    await reads(page.getByRole("status"), "1 of 1,004 devices");
  });

  test("speaks Chinese to who reads Chinese", async () => {
    const { page, site } = person;
    const context = await page.context().browser()?.newContext({ locale: "zh-CN" });
    const other = await context?.newPage();
    await other?.goto(`${site.url}/devices`);
    await other?.getByRole("heading", { name: "设备" }).waitFor();
    assert.equal(await other?.locator("html").getAttribute("lang"), "zh-CN");
    await context?.close();
  });

  test("asks nobody but its own server, and breaks no rule of its own", () => {
    const { requests, site, complaints } = person;
    assert.ok(requests.length > 50);
    assert.deepEqual(
      requests.filter((url) => !url.startsWith(`${site.url}/`)),
      [],
    );
    // The refusals of commands that tests provoke are answers, not mistakes.
    const own = complaints.filter((text) => !/status of 4(00|09|03)/.test(text));
    assert.deepEqual(own, []);
  });

  test("says so when the platform has gone", async () => {
    const { page, site } = person;
    await open("/faults");
    await reads(page.locator(".connection"), "Live");
    await site.close();
    await reads(page.locator(".connection"), "No connection");
    await turnTo("Updates");
    await reads(page.getByRole("alert"), "The platform does not answer");
  });

  async function turnTo(section: string): Promise<void> {
    const navigation = person.page.getByRole("navigation", { name: "Main" });
    await navigation.getByRole("link", { name: section }).click();
  }

  async function upload(version: string): Promise<void> {
    const { page, stage } = person;
    const form = page.getByRole("form", { name: "Upload an image" });
    const file = { name: `${version}.bin`, mimeType: "", buffer: imageFor(stage, version) };
    await form.getByLabel("Image file").setInputFiles(file);
    await reads(form, `Image for esp32: ${PROJECT_NAME} ${version}, not signed`);
    await form.getByRole("button", { name: "Upload" }).click();
    await reads(form, "is on the platform");
  }

  async function start(version: string, protocol = "HTTP"): Promise<void> {
    const { page } = person;
    const name = `Start an update to ${PROJECT_NAME} ${version}`;
    await page.getByRole("button", { name }).click();
    const form = page.getByRole("form", { name });
    await form.getByRole("button", { name: "Start" }).click();
    await reads(form.getByRole("alert"), "Choose at least one device.");
    await form.getByLabel(/demo_0001/).check();
    await form.getByLabel("Download over").selectOption(protocol);
    await form.getByRole("button", { name: "Start" }).click();
    await form.waitFor({ state: "detached" });
  }
});
