/**
 * Topics by filter: the first that covers one counts, whether it has wildcards or not.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TopicTable } from "../../host/cloud/broker/topic-table.ts";

test("the first filter that covers a topic counts", () => {
  const table = new TopicTable<string>([
    ["/rrpc/#", "rest"],
    ["/thing/event/property/post", "property"],
    ["/thing/event/+/post", "event"],
    ["/thing/event/alarm/post", "behind the wildcard"],
    ["/thing/event/property/post", "behind the same"],
    ["", "empty"],
  ]);
  assert.equal(table.get("/thing/event/property/post"), "property");
  assert.equal(table.get("/thing/event/alarm/post"), "event");
  assert.equal(table.get("/thing/event//post"), "event");
  assert.equal(table.get("/thing/event/a/b/post"), undefined);
  assert.equal(table.get("/thing/event/alarm"), undefined);
  assert.equal(table.get("/rrpc/1/2"), "rest");
  assert.equal(table.get("/rrpc"), "rest");
  assert.equal(table.get(""), "empty");
  assert.equal(table.get("/thing"), undefined);
});
