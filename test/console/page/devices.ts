/**
 * Devices, and what they report.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PROJECT_NAME } from "../../../src/app/project.ts";
import { type Person, reads } from "../person.ts";

/** @param at the person at the console. */
export function devices(at: () => Person): void {
  test("a device that logs on appears online, with its version, by itself", async () => {
    const { page, stage } = at();
    await at().open("/");
    const row = page.getByRole("row", { name: /demo_0001/ });
    await reads(row, "Never seen");
    await stage.board.powerOn();
    await reads(row, "Online");
    await reads(row, `${PROJECT_NAME} 1.0.0`);
    await reads(row, /just now|sec\. ago/);
  });

  test("the list is filtered and sorted", async () => {
    const { page } = at();
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
    const { page, stage } = at();
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

  test("uploaded files are listed and downloaded, and one under way shows how far it is", async () => {
    const { page, stage } = at();
    const { deviceFiles } = stage.cloud;
    const common = { ...stage.device, size: 3000 };
    const open = await deviceFiles.create({ ...common, name: "open.log" });
    await deviceFiles.append(open, Buffer.alloc(1500));
    const whole = await deviceFiles.create({ ...common, name: "whole.log" });
    await deviceFiles.append(whole, Buffer.from("what the board wrote"));
    await deviceFiles.complete(whole);
    await page.getByRole("link", { name: "Files" }).click();
    await reads(page.getByRole("row", { name: /open/ }), "1.5 kB of 3 kB");
    await reads(page.getByRole("row", { name: /whole/ }), "20 bytes");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "whole.log" }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "whole.log");
    const chunks = await (await download.createReadStream()).toArray();
    assert.equal(Buffer.concat(chunks).toString(), "what the board wrote");
    assert.equal(await page.getByRole("link", { name: "open.log" }).count(), 0);
    await stage.cloud.deviceFiles.delete(open);
  });

  test("events are live", async () => {
    const { page, stage } = at();
    await page.getByRole("link", { name: "Events" }).click();
    const list = page.getByRole("list", { name: "Events, newest first" });
    await reads(list, "battery low");
    await stage.board.evaluate('ali.server.eventReport("sos_alarm",{})&&1');
    await reads(list.getByRole("listitem").first(), "call for help");
  });
}
