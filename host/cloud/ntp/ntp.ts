/**
 * The platform's clock for devices (help.aliyun.com/document_detail/102509.html).
 * @module
 */
import type { Router } from "../router.ts";
import { parseObject } from "../thing/alink.ts";
import { Code } from "../thing/codes.ts";

/** Answers `/ext/ntp/{pk}/{dn}/request` with texts of milliseconds since 1970. */
export function offerNtp(router: Router): void {
  router.route("/ext/ntp/{own}/request", ({ topic, payload, at }) => {
    const sent = parseObject(payload)?.deviceSendTime;
    if (typeof sent !== "string" && typeof sent !== "number") {
      return { code: Code.parameter, note: "deviceSendTime is missing; not answered" };
    }
    const answer = {
      deviceSendTime: String(sent),
      serverRecvTime: String(at),
      serverSendTime: String(Date.now()),
    };
    const reply = Buffer.from(JSON.stringify(answer));
    return { reply: { topic: topic.replace(/request$/, "response"), payload: reply } };
  });
}
