/**
 * The console with 1,000 devices that all change, in a browser: what a person would feel.
 * @module
 */
import type { Page } from "playwright-core";
import { type Cloud, startCloud } from "../host/cloud/index.ts";
import { findChromium, launchChromium } from "../host/console/browser.ts";
import { startConsole } from "../host/console/index.ts";
import { loadPage } from "../host/console/page-build.ts";
import type { Bench, Row } from "./run.ts";

export const name = "console: a page with 1,000 devices";
export const uses: Bench["uses"] = ["chromium"];

const DEVICES = 1000;
const PRODUCT = "a1AliotDemo";
/** Messages and changes of state each second, and for how long. */
const RATE = 1000;
const SECONDS = 5;
const TICK_MS = 20;

export async function bench(): Promise<Row[] | string> {
  const chromium = findChromium();
  if (chromium === undefined) return "no chromium: set CHROMIUM";
  const cloud = await startCloud();
  const names = Array.from({ length: DEVICES }, (_, i) => `many_${String(i).padStart(4, "0")}`);
  for (const deviceName of names) {
    await cloud.registry.devices.create({ productKey: PRODUCT, deviceName });
  }
  const site = await startConsole({ cloud });
  const browser = await launchChromium(chromium);
  try {
    const files = await loadPage();
    const script = files.get("app.js")?.content.length ?? 0;
    const rows: Row[] = [{ what: "script of the page", value: script, unit: "bytes" }];
    const page = await browser.newPage();
    await page.goto(`${site.url}/devices`);
    await page.locator("tbody tr").first().waitFor();
    const shown = await page.evaluate<number>("performance.now()");
    rows.push({ what: "list shown after", value: Math.round(shown), unit: "ms" });
    rows.push(...(await feel(page, "list", cloud, names)));
    await page.getByRole("link", { name: "Messages" }).click();
    await page.getByRole("searchbox").waitFor();
    rows.push(...(await feel(page, "messages", cloud, names)));
    return rows;
  } finally {
    await browser.close();
    await site.close();
    await cloud.close();
  }
}

/** Frames and keys while everything changes. */
async function feel(page: Page, view: string, cloud: Cloud, names: string[]): Promise<Row[]> {
  await page.evaluate(`
    window.frames_ = []; window.keys_ = []; window.typed_ = 0;
    const search = document.querySelector("[type=search]");
    search.addEventListener("keydown", () => { window.typed_ = performance.now(); }, true);
    let last = performance.now();
    const frame = (now) => {
      window.frames_.push(now - last);
      last = now;
      if (window.typed_) { window.keys_.push(now - window.typed_); window.typed_ = 0; }
      window.asked_ = requestAnimationFrame(frame);
    };
    window.asked_ = requestAnimationFrame(frame);
  `);
  const storm = flood(cloud, names);
  const began = Date.now();
  const search = page.getByRole("searchbox");
  while (Date.now() < began + SECONDS * 1000) {
    await search.pressSequentially("many", { delay: 60 });
    await search.fill("");
  }
  clearInterval(storm);
  const measured = await page.evaluate<{ frames: number[]; keys: number[] }>(
    "(cancelAnimationFrame(window.asked_), { frames: window.frames_, keys: window.keys_ })",
  );
  const seconds = (Date.now() - began) / 1000;
  const frames = measured.frames.sort((a, b) => a - b);
  const keys = measured.keys.sort((a, b) => a - b);
  const at = (values: number[], share: number) => values[Math.floor(values.length * share)] ?? 0;
  const what = (text: string) => `${view}, ${RATE} changes a second: ${text}`;
  return [
    { what: what("frames"), value: frames.length / seconds, unit: "a second" },
    { what: what("frame, median"), value: at(frames, 0.5), unit: "ms" },
    { what: what("frame, 99 of 100"), value: at(frames, 0.99), unit: "ms" },
    { what: what("key to the next frame, 95 of 100"), value: at(keys, 0.95), unit: "ms" },
  ];
}

/** Every device sends something, and comes or goes, in turn. */
function flood(cloud: Cloud, names: string[]): NodeJS.Timeout {
  let turn = 0;
  const payload = Buffer.from('{"id":"1","version":"1.0","params":{"energy":50},"method":"post"}');
  return setInterval(() => {
    for (let i = 0; i < (RATE * TICK_MS) / 1000; i++) {
      const deviceName = names[turn++ % names.length] as string;
      const device = { productKey: PRODUCT, deviceName };
      const at = Date.now();
      const topic = `/sys/${PRODUCT}/${deviceName}/thing/event/property/post`;
      const message = { at, device, topic, payload, direction: "up", qos: 1, code: 200 } as const;
      cloud.trace.emit("message", message);
      cloud.trace.emit("status", { at, device, online: turn % 2 === 0 });
    }
  }, TICK_MS);
}
