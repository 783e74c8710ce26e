import assert from "node:assert/strict";
import test from "node:test";
import { REPLY_TIMEOUT } from "../../src/ali/codes.ts";
import { Replies, type Request } from "../../src/ali/replies.ts";

/** A request that waits, as `Exchange` makes them; `deadline` in s. */
function ask(
  replies: Replies,
  id: string,
  deadline: number,
  whole: boolean,
  done: NonNullable<Request["done"]>,
): Request {
  const request = { id, packet: 1, deadline, whole, done };
  replies.unanswered.push(request);
  return request;
}

function reply(id: string, code = 200) {
  return { id, code, message: "m", data: {} };
}

test("replies settle their own requests in any order", () => {
  const replies = new Replies();
  const seen: string[] = [];
  for (const id of ["1", "2", "3"])
    ask(replies, id, 1000, false, (ok: boolean) => seen.push(`${id} ${ok}`));
  replies.settle(reply("2"));
  replies.settle(reply("3", 460));
  replies.settle(reply("1"));
  assert.deepEqual(seen, ["2 true", "3 false", "1 true"]);
  assert.equal(replies.unanswered.length, 0);
  assert.equal(replies.nextDeadline, -1);
});

test("what has no reply in time fails, and its late reply is dropped and counted", () => {
  const replies = new Replies();
  const seen: boolean[] = [];
  ask(replies, "1", 1000, false, (ok: boolean) => seen.push(ok));
  ask(replies, "2", 2000, false, (ok: boolean) => seen.push(ok));
  replies.expire(999);
  assert.deepEqual(seen, []);
  replies.expire(1000);
  assert.deepEqual(seen, [false]);
  assert.equal(replies.current()?.code, REPLY_TIMEOUT);
  assert.equal(replies.nextDeadline, 2000);
  replies.settle(reply("1"));
  assert.deepEqual(seen, [false]);
  assert.equal(replies.dropped, 1);
  assert.equal(replies.timeouts, 1);
});

test("a second reply and a stranger's are dropped", () => {
  const replies = new Replies();
  let calls = 0;
  ask(replies, "1", 1000, false, () => calls++);
  replies.settle(reply("1"));
  replies.settle(reply("1"));
  replies.settle(reply("x"));
  assert.equal(calls, 1);
  assert.equal(replies.dropped, 2);
});

test("who asks for the whole reply gets it, also when there is none", () => {
  const replies = new Replies();
  const seen: unknown[] = [];
  ask(replies, "1", 1000, true, (whole) => seen.push(whole));
  replies.settle(reply("1", 6710));
  ask(replies, "2", 1000, true, (whole) => seen.push(whole));
  replies.expire(1000);
  const message = "no reply from the platform";
  assert.deepEqual(seen, [
    reply("1", 6710),
    { id: "2", code: REPLY_TIMEOUT, message, data: undefined },
  ]);
});

test("a request that never left fails with the reason", () => {
  const replies = new Replies();
  let result: boolean | undefined;
  const request = ask(replies, "1", 1000, false, (ok: boolean) => {
    result = ok;
  });
  replies.fail(request, 17, "outbox full");
  assert.equal(result, false);
  assert.deepEqual(replies.current(), {
    id: "1",
    code: 17,
    message: "outbox full",
    data: undefined,
  });
  replies.fail(request, 17, "again");
  assert.equal(replies.dropped, 0);
});

test("a reply as the last success but for its id settles the oldest request unread", () => {
  const replies = new Replies();
  const seen: string[] = [];
  const wait = (id: string, whole = false) =>
    ask(replies, id, 1000, whole, (result) => seen.push(`${id} ${JSON.stringify(result)}`));
  const text = (id: string, code = 200) => `{"code":${code},"data":{},"id":"${id}","message":"m"}`;
  wait("1");
  assert.ok(!replies.repeats(text("1")), "nothing was learnt");
  replies.settle(reply("1"));
  replies.learn(text("1"));
  const first = replies.current();
  wait("22");
  wait("3");
  assert.ok(!replies.repeats(text("3")), "it is not the oldest");
  assert.ok(!replies.repeats(text("22", 460)));
  assert.ok(!replies.repeats(`${text("22")} `));
  assert.ok(replies.repeats(text("22")));
  assert.deepEqual(replies.current(), reply("22"));
  assert.ok(replies.repeats(text("3")));
  assert.ok(!replies.repeats(text("3")), "nothing waits");
  assert.deepEqual(seen, ["1 true", "22 true", "3 true"]);
  assert.deepEqual(replies.current(), reply("3"));
  assert.deepEqual(first, reply("1"), "what was handed out stays");
  wait("4", true);
  assert.ok(!replies.repeats(text("4")), "who wants the whole reply gets it read");
});

test("failures, long texts and those whose id stands otherwise are not learnt", () => {
  for (const [code, text] of [
    [460, '{"code":460,"id":"1"}'],
    [200, '{"code":200,"id":1}'],
    [200, '{"code":200,"id": "1"}'],
    [200, `{"code":200,"id":"1","message":"${"m".repeat(400)}"}`],
  ] as const) {
    const replies = new Replies();
    ask(replies, "1", 1000, false, () => {});
    replies.settle(reply("1", code));
    replies.learn(text);
    ask(replies, "2", 1000, false, () => {});
    assert.ok(!replies.repeats(text.replace('"1"', '"2"')), text);
    assert.ok(!replies.repeats(text.replace(/:1\b/, ":2")), text);
  }
});
