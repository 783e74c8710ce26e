/**
 * A stage with its console open in a browser, and what a person at it does.
 * @module
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Locator, Page } from "playwright-core";
import type { Cloud } from "../../host/cloud/index.ts";
import { launchChromium } from "../../host/console/browser.ts";
import { type Console, startConsole } from "../../host/console/index.ts";
import { loadPage } from "../../host/console/page-build.ts";
import type { Stage } from "../../host/demo/stage.ts";
import { stageFor } from "../e2e/engines.ts";

/** How long a person waits for something to appear, ms. */
const PATIENCE = 30_000;

export interface Person {
  stage: Stage;
  site: Console;
  page: Page;
  /** Everything that the browser asked for, and what came, by URL. */
  requests: string[];
  bodies: Map<string, string>;
  /** What the browser complained about: errors of scripts, refusals of the content policy. */
  complaints: string[];
  /** Opens a path of the console. */
  open(path: string): Promise<unknown>;
  /** Chooses a section in the navigation. */
  turnTo(section: string): Promise<void>;
  /** Path of the stage's device, or of a section of it such as `"/events"`. */
  devicePath(section?: string): string;
  /** The stage's device as the platform has it. */
  device(): ReturnType<Cloud["device"]>;
  close(): Promise<void>;
}

export async function openPerson(chromium: string): Promise<Person> {
  const stage = await stageFor({ name: "", board: "esp32", engine: "virtual" });
  const { cloud, network, device } = stage;
  const site = await startConsole({ cloud, network, revealed: [device.productKey] });
  // Built before anybody waits for it.
  await loadPage();
  const browser: Browser = await launchChromium(chromium);
  const context = await browser.newContext({ locale: "en-GB", viewport: DESK });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const requests: string[] = [];
  const bodies = new Map<string, string>();
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("response", (response) => {
    const url = response.url();
    if (url.includes("/api/live")) return;
    response.text().then(
      (text) => bodies.set(url, text),
      () => {},
    );
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  return {
    stage,
    site,
    page,
    requests,
    bodies,
    complaints,
    open: (path) => page.goto(site.url + path),
    turnTo: (section) => {
      const navigation = page.getByRole("navigation", { name: "Main" });
      return navigation.getByRole("link", { name: section }).click();
    },
    devicePath: (section = "") => `/devices/${device.productKey}/${device.deviceName}${section}`,
    device: () => cloud.device(device.productKey, device.deviceName),
    close: async () => {
      await browser.close();
      await site.close();
      await stage.close();
    },
  };
}

export const DESK = { width: 1280, height: 900 };
export const PHONE = { width: 360, height: 740 };

/** Waits until an element has a text; its text so far is in the error. */
export async function reads(element: Locator, text: string | RegExp): Promise<void> {
  await element.filter({ hasText: text }).first().waitFor();
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Serious faults of the page as it is, by all rules of axe or by some: a line for each. */
export async function barriers(page: Page, rules?: string[]): Promise<string[]> {
  const options = { resultTypes: ["violations"], ...(rules ? { runOnly: rules } : {}) };
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe);
  const found = (await page.evaluate(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
  )) as { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}
