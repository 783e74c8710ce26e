/**
 * Updates and faults.
 * @module
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { imageFor } from "../../../host/demo/updates.ts";
import { PROJECT_NAME } from "../../../src/app/project.ts";
import { type Person, reads } from "../person.ts";

/** @param at the person at the console. */
export function updates(at: () => Person): void {
  test("an image is uploaded, installed with progress, and is in the history", async () => {
    const { page } = at();
    await at().turnTo("Updates");
    await upload("1.1.0");
    await start("1.1.0");
    const job = page.getByRole("article", { name: `${PROJECT_NAME} 1.1.0` });
    await job.getByRole("progressbar", { name: "Progress of demo_0001" }).waitFor();
    const history = page.getByRole("region", { name: "History" });
    await reads(history.getByRole("article"), "1 Succeeded");
    await at().turnTo("Devices");
    await reads(page.getByRole("row", { name: /demo_0001/ }), `${PROJECT_NAME} 1.1.0`);
  });

  test("a cut network is marked as a fault, and an update that waits for it is cancelled", async () => {
    const { page } = at();
    await at().turnTo("Faults");
    await page.getByRole("button", { name: "Cut the network" }).click();
    const banner = page.locator(".banner");
    await reads(banner, "Cut the network");
    await at().turnTo("Devices");
    await reads(page.getByRole("row", { name: /demo_0001/ }), "Offline");
    await at().turnTo("Updates");
    await upload("1.2.0");
    await start("1.2.0");
    const job = page.getByRole("article", { name: `${PROJECT_NAME} 1.2.0` });
    await reads(job, "Queued");
    await job.getByRole("button", { name: `Cancel the update to ${PROJECT_NAME} 1.2.0` }).click();
    await reads(page.getByRole("region", { name: "History" }), "1 Cancelled");
    await at().turnTo("Faults");
    await page.getByRole("button", { name: "Restore the network" }).click();
    await banner.waitFor({ state: "detached" });
    assert.equal(await page.locator(":focus").textContent(), "Cut the network");
    await at().turnTo("Devices");
    await reads(page.getByRole("row", { name: /demo_0001/ }), "Online");
  });

  test("an expired address and a corrupt image strike as they are switched", async () => {
    const { page, stage } = at();
    await at().turnTo("Faults");
    await page.getByRole("button", { name: "Expire the address: Next download only" }).click();
    await reads(page.getByRole("region", { name: "Expire the address" }), "On for the next");
    const refused = once(stage.cloud.trace, "download");
    await at().turnTo("Updates");
    await start("1.2.0");
    const [download] = await refused;
    assert.equal(download.status, 403);
    const history = page.getByRole("region", { name: "History" });
    await reads(history.getByRole("article", { name: `${PROJECT_NAME} 1.2.0` }), "1 Succeeded");
    await at().turnTo("Faults");
    await reads(page.getByRole("region", { name: "Expire the address" }), "Off");
    await page.getByRole("button", { name: "Corrupt the image: Until switched off" }).click();
    await at().turnTo("Updates");
    await upload("1.3.0");
    await start("1.3.0");
    const failed = history.getByRole("article", { name: `${PROJECT_NAME} 1.3.0` });
    await reads(failed, "1 Failed");
    await failed.getByText("1 device").click();
    await reads(failed, "verification failed");
    await at().turnTo("Faults");
    await page.getByRole("button", { name: "Switch off: Corrupt the image" }).click();
    await page.locator(".banner").waitFor({ state: "detached" });
    assert.deepEqual(stage.cloud.ota.faults, {});
    await page.getByRole("button", { name: "Corrupt a block: Next download only" }).click();
    await at().turnTo("Updates");
    await upload("1.4.0");
    await start("1.4.0", "MQTT");
    await reads(history.getByRole("article", { name: `${PROJECT_NAME} 1.4.0` }), "1 Succeeded");
    await page.locator(".banner").waitFor({ state: "detached" });
  });

  test("the connection of one device is cut, and it comes back", async () => {
    const { page, stage } = at();
    await at().open(at().devicePath("/control"));
    const cut = page.getByRole("form", { name: "Cut this device's connection" });
    const gone = once(stage.cloud.trace, "status");
    await cut.getByRole("button", { name: "Cut" }).click();
    await reads(cut, "The connection was cut.");
    const [status] = await gone;
    assert.deepEqual([status.online, status.reason], [false, "cut by the platform"]);
    await reads(page.locator(".heading"), "Online");
  });

  async function upload(version: string): Promise<void> {
    const { page, stage } = at();
    const form = page.getByRole("form", { name: "Upload an image" });
    const file = { name: `${version}.bin`, mimeType: "", buffer: imageFor(stage, version) };
    await form.getByLabel("Image file").setInputFiles(file);
    await reads(form, `Image for esp32: ${PROJECT_NAME} ${version}, not signed`);
    await form.getByRole("button", { name: "Upload" }).click();
    await reads(form, "is on the platform");
  }

  async function start(version: string, protocol = "HTTP"): Promise<void> {
    const { page } = at();
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
}
