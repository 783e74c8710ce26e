/**
 * What a page owes to whoever uses it: secrets, access, width, size, language.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { barriers, DESK, type Person, PHONE, reads } from "../person.ts";

/** @param at the person at the console. */
export function manners(at: () => Person): void {
  test("secrets are shown on demand, and only those of the demo product", async () => {
    const { page, stage, bodies } = at();
    const record = await at().device().record();
    const [product] = stage.cloud.products;
    const secrets = [record.deviceSecret, product?.productSecret as string];
    for (const [url, body] of bodies) {
      assert.ok(!secrets.some((secret) => body.includes(secret)), url);
    }
    await at().open(at().devicePath());
    await page.getByText("Credentials").click();
    await page.getByRole("button", { name: "Reveal the demo secrets" }).click();
    for (const secret of secrets) await reads(page.locator(".credentials"), secret);
    await page.getByRole("button", { name: "Hide the secrets" }).click();
    await page.getByText(record.deviceSecret).waitFor({ state: "detached" });
    await at().open("/devices/a1Tracker01/tracker_0001");
    await page.getByText("Credentials").click();
    await reads(page.locator(".credentials"), "Secrets are shown for the demo product only.");
    const { status } = await fetch(`${at().site.url}/api/devices/a1Tracker01/tracker_0001/secret`, {
      method: "POST",
      headers: { "x-console": "1" },
    });
    assert.equal(status, 403);
  });

  test("the keyboard is enough", async () => {
    const { page } = at();
    await at().open("/");
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
    "/files",
    "/messages",
    "//messages",
    "//updates",
    "//faults",
  ];
  const urlOf = (view: string) => {
    if (view === "/") return "/devices";
    return view.startsWith("//") ? view.slice(1) : at().devicePath(view);
  };

  test("axe finds nothing serious, in light and dark, and 360 pixels are wide enough", async () => {
    const { page } = at();
    for (const view of views) {
      await at().open(urlOf(view));
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
    const { page, stage } = at();
    const { devices } = stage.cloud.registry;
    const { productKey } = stage.device;
    for (let i = 0; i < 1000; i++) {
      await devices.create({ productKey, deviceName: `many_${String(i).padStart(4, "0")}` });
    }
    await at().open("/devices");
    await reads(page.getByRole("status"), "1,004 devices");
    assert.equal(await page.locator("tbody tr").count(), 50);
    await page.getByRole("button", { name: "Next page" }).click();
    await reads(page.locator("tbody tr").first(), "many_0048");
    await page.getByRole("searchbox").fill("many_0777");
    await reads(page.getByRole("status"), "1 of 1,004 devices");
  });

  test("speaks Chinese to who reads Chinese", async () => {
    const { page, site } = at();
    const context = await page.context().browser()?.newContext({ locale: "zh-CN" });
    const other = await context?.newPage();
    await other?.goto(`${site.url}/devices`);
    await other?.getByRole("heading", { name: "设备" }).waitFor();
    assert.equal(await other?.locator("html").getAttribute("lang"), "zh-CN");
    await context?.close();
  });

  test("what the platform refuses is said in Chinese, too", async () => {
    const { page, site } = at();
    const context = await page.context().browser()?.newContext({ locale: "zh-CN" });
    const other = (await context?.newPage()) as Page;
    await other.goto(site.url + at().devicePath("/control"));
    // By the form itself, which checks as the platform does.
    const number = other.getByRole("form", { name: "phone number" });
    await number.getByLabel("phone number").fill("0".repeat(33));
    await number.getByRole("button", { name: "设置" }).click();
    await reads(number, "不能超过 32 个字符。");
    const rrpc = other.getByRole("form", { name: "RRPC" });
    await rrpc.getByLabel("自定义 Topic").fill("user/get");
    await rrpc.getByRole("button", { name: "发送" }).click();
    await reads(rrpc, "Topic“user/get”应以“/”开头。");
    await other.goto(`${site.url}/devices/${at().stage.device.productKey}/nobody`);
    await reads(other.getByRole("alert"), "设备 nobody 不存在。");
    // What this page does not know comes as the platform says it.
    const unknown = { code: "iot.new.Code", message: "new words", problem: { kind: "brandNew" } };
    await other.route("**/api/devices", (route) => route.fulfill({ status: 409, json: unknown }));
    await other.goto(`${site.url}/devices`);
    await reads(other.getByRole("alert"), "new words");
    await context?.close();
  });

  test("asks nobody but its own server, and breaks no rule of its own", () => {
    const { requests, site, complaints } = at();
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
    const { page, site } = at();
    await at().open("/faults");
    await reads(page.locator(".connection"), "Live");
    await site.close();
    await reads(page.locator(".connection"), "No connection");
    await at().turnTo("Updates");
    await reads(page.getByRole("alert"), "The platform does not answer");
  });
}
