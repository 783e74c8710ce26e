/**
 * Takes the pictures of the console that the documentation shows, from a running board.
 * @module
 */
import { on } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { build } from "../build/index.ts";
import type { TraceTask } from "../cloud/index.ts";
import { openStage, type Stage } from "../demo/stage.ts";
import { imageFor, push } from "../demo/updates.ts";
import { advertise } from "./bluetooth-device.ts";
import { launchChromium } from "./browser.ts";
import { startConsole } from "./index.ts";

const DESK = { width: 1180, height: 820 };
/** For a long form. */
const TALL = { width: 1180, height: 1630 };
const PHONE = { width: 360, height: 740 };
/** How much of an image is loaded when the picture is taken. */
const SHARE = 0.6;
const MINUTE_MS = 60_000;

/**
 * Writes one PNG for each picture to a folder.
 * @param chromium path of the browser.
 * @param taken hears the path of each.
 */
export async function takeScreenshots(
  folder: string,
  chromium: string,
  taken: (path: string) => void,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const stage = await openStage({
    build: await build({ board: "esp32", quiet: true }),
    engine: "virtual",
  });
  const { cloud, network, device } = stage;
  const site = await startConsole({ cloud, network, revealed: [device.productKey] });
  const browser = await launchChromium(chromium);
  try {
    const context = await browser.newContext({ locale: "en-GB", deviceScaleFactor: 1.5 });
    const page = await context.newPage();
    await advertise(page, stage.board);
    const take = async (name: string, path: string, look: (page: Page) => Promise<unknown>) => {
      await page.goto(site.url + path);
      await look(page);
      await page.mouse.move(0, 0);
      const file = join(folder, `console-${name}.png`);
      await page.screenshot({ path: file, animations: "disabled" });
      taken(file);
    };
    const own = `/devices/${device.productKey}/${device.deviceName}`;
    await liveThrough(stage);

    await page.setViewportSize(DESK);
    await take("device", own, async (page) => {
      await page.getByRole("button", { name: "24 h" }).click();
      await page.locator(".chart canvas").waitFor();
    });
    await take("control", `${own}/control`, async (page) => {
      const form = page.getByRole("form", { name: "ask for the battery" });
      await form.getByRole("button").click();
      await form.getByText("Answered with 200").waitFor();
    });
    await page.emulateMedia({ colorScheme: "dark" });
    await take("messages", "/messages", async (page) => {
      await page.locator(".message summary").nth(3).click();
    });
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(TALL);
    // Something to read in its log.
    await stage.board.evaluate('ali.log("debug")');
    await take("board", "/board", async (page) => {
      await page.getByRole("button", { name: "Choose a board" }).click();
      await page.getByText("Online", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Add a network" }).click();
      await page.getByLabel("Network name").last().fill("workshop");
      await cloud.setProperty(device, { power_switch: 1 });
      await page.getByRole("log").filter({ hasText: "debug ali" }).waitFor();
    });
    await page.getByRole("button", { name: "Disconnect" }).click();
    await page.setViewportSize(DESK);
    const image = imageFor(stage, "1.2.0");
    await take("updates", "/updates", async (page) => {
      cloud.ota.faults = { stallAfter: Math.floor(image.length * SHARE), times: 1 };
      const half = halfway(stage);
      await push(stage, "1.2.0", image);
      const percent = await half;
      await page.getByText(`${percent} %`).first().waitFor();
    });
    await page.setViewportSize(PHONE);
    await page.emulateMedia({ colorScheme: "dark" });
    await take("phone", own, (page) => page.locator(".chart canvas").waitFor());
  } finally {
    await browser.close();
    await site.close();
    await stage.close();
  }
}

/** Waits until an update is half done; gives the per cent that the device has said. */
async function halfway({ cloud }: Stage): Promise<number> {
  for await (const [{ task }] of on(cloud.trace, "task") as AsyncIterable<[TraceTask]>) {
    if (task.progress >= 50) return task.progress;
  }
  return 0;
}

/** Something to see: an afternoon of values, and an update. */
async function liveThrough(stage: Stage): Promise<void> {
  const { board, cloud, device, watch } = stage;
  await board.powerOn();
  await watch.wait("the version", 0, (seen) => {
    return seen.kind === "message" && seen.topic.startsWith("/ota/device/inform/");
  });
  const job = await push(stage, "1.1.0", imageFor(stage, "1.1.0"));
  await cloud.ota.finished(job, device.deviceName);
  const now = Date.now();
  for (let minutes = 300; minutes >= 0; minutes -= 6) {
    // Used for some hours, then charged until it is full, as it says at its start.
    const energy = Math.round(minutes > 90 ? 18 + (minutes - 90) / 4 : 100 - minutes * 0.9);
    const time = now - minutes * MINUTE_MS;
    await board.evaluate(`ali.report({energy:{value:${energy},time:${time}}})`);
  }
  await cloud.setProperty(device, { power_switch: 0 });
  await cloud.setProperty(device, { power_switch: 1 });
}
