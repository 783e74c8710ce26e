import { testExample } from "./run.ts";

testExample("minimal", async ({ watch }) => {
  await watch.wait("the log-on", 0, (seen) => seen.kind === "status" && seen.online);
});
