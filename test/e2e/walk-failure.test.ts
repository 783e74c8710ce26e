import assert from "node:assert/strict";
import test from "node:test";
import type { Stage } from "../../host/demo/stage.ts";
import { runWalk } from "../../host/demo/walk.ts";

test("a step that is not confirmed ends the walk and is named", async () => {
  const tried: string[] = [];
  const step = (title: string, run: () => Promise<string>) => ({
    title,
    run: () => {
      tried.push(title);
      return run();
    },
  });
  const steps = [
    step("one", async () => "done"),
    step("two", async () => {
      throw new Error("nothing came");
    }),
    step("three", async () => "done"),
  ];
  const told: string[] = [];
  const results = await runWalk({} as Stage, steps, ({ title }) => told.push(title));
  assert.deepEqual(tried, ["one", "two"]);
  assert.deepEqual(told, ["one", "two"]);
  assert.deepEqual(results, [
    { title: "one", confirmed: "done" },
    { title: "two", missing: "nothing came" },
  ]);
});
