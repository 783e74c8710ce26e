/**
 * What devices are told, and the messages that pass.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Person, reads } from "../person.ts";

/** @param at the person at the console. */
export function commands(at: () => Person): void {
  test("a writable property is set by its form, which says what does not fit", async () => {
    const { page } = at();
    await page.getByRole("link", { name: "Control" }).click();
    const form = page.getByRole("form", { name: "phone number" });
    const field = form.getByLabel("phone number");
    await field.fill("0".repeat(33));
    await form.getByRole("button", { name: "Set" }).click();
    await reads(form, "Is longer than 32 characters.");
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    await field.fill("555123");
    await field.press("Enter");
    await reads(form, "Answered with 200");
    await reads(form, "Now 555123");
    assert.equal((await at().device().properties()).phone_num?.value, "555123");
  });

  test("services and RRPCs are called by their forms", async () => {
    const { page } = at();
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
    const { page, stage } = at();
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
}
