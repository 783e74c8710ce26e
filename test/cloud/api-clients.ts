/**
 * Alibaba's official API clients as they come, set to a local platform: `@alicloud/iot20180120`
 * (signs with ACS3-HMAC-SHA256) and `@alicloud/pop-core` (the RPC form with HMAC-SHA1).
 * @module
 */
import { createRequire } from "node:module";
import type * as iot from "@alicloud/iot20180120";
import type PopCore from "@alicloud/pop-core";
import type { Cloud } from "../../host/cloud/index.ts";
import type { TestDevice } from "./device.ts";

// They are CommonJS.
const require = createRequire(import.meta.url);
const { default: IotClient } = require("@alicloud/iot20180120") as typeof iot;
const { Config } = require("@alicloud/openapi-client") as typeof import("@alicloud/openapi-client");
const { RPCClient } = require("@alicloud/pop-core") as { RPCClient: typeof PopCore };

export function officialClient(
  cloud: Cloud,
  { id = cloud.accessKeyId, secret = cloud.accessKeySecret } = {},
): iot.default {
  const endpoint = cloud.endpoints.openapi.replace("http://", "");
  const config = { accessKeyId: id, accessKeySecret: secret, endpoint, protocol: "HTTP" };
  return new IotClient(new Config(config));
}

export function popCoreClient(cloud: Cloud, secret = cloud.accessKeySecret): PopCore {
  return new RPCClient({
    accessKeyId: cloud.accessKeyId,
    accessKeySecret: secret,
    endpoint: cloud.endpoints.openapi,
    apiVersion: "2018-01-20",
  });
}

/** Lets a device answer property sets, services (power level 61) and RRPC (bytes ff 01). */
export function answerEverything(device: TestDevice): void {
  device.respond(({ topic, json }) => {
    if (topic.includes("/rrpc/request/")) {
      const service = { id: json.id, code: 200, data: { power_level: 61 } };
      return {
        topic: topic.replace("request", "response"),
        payload: json.method ? service : Buffer.from([0xff, 1]),
      };
    }
    if (!topic.includes("/thing/service/")) return undefined;
    return { topic: `${topic}_reply`, payload: { id: json.id, code: 200, data: {} } };
  });
}
