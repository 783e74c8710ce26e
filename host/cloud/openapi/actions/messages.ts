/**
 * Actions that send messages to devices: RRPC and publishing on custom topics.
 * @module
 */
import { matches } from "../../broker/topic.ts";
import { PAYLOAD_MAX_BYTES } from "../../defaults.ts";
import { CloudError } from "../../errors.ts";
import type { Action } from "../action.ts";
import type { Parameters } from "../parameters.ts";

export const RRpc: Action = async (parameters, { devices, rrpc }) => {
  const device = await parameters.device(devices);
  const payload = base64(parameters, "RequestBase64Byte");
  // The bounds of the timeout are RRPC's own affair.
  const timeoutMs = parameters.integer("Timeout", { min: 0, max: 1e9 });
  const topic = parameters.optional("Topic");
  try {
    const answer = await rrpc.call(device, { payload, timeoutMs, topic });
    return {
      longs: { MessageId: answer.messageId },
      RrpcCode: "SUCCESS",
      PayloadBase64Byte: answer.payload.toString("base64"),
    };
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    const reason = /^iot\.messagebroker\.(TIMEOUT|OFFLINE)$/.exec(error.code)?.[1];
    if (!reason) throw error;
    return { Success: false, Code: error.code, ErrorMessage: error.message, RrpcCode: reason };
  }
};

export const Pub: Action = async (parameters, { catalog, devices, router, ids }) => {
  const product = catalog.require(parameters.productKey());
  const topic = parameters.text("TopicFullName");
  const payload = base64(parameters, "MessageContent");
  const qos = parameters.integer("Qos", { min: 0, max: 1, preset: 0 }) as 0 | 1;
  if (payload.length > PAYLOAD_MAX_BYTES) {
    const text = `MessageContent has ${payload.length} bytes, at most ${PAYLOAD_MAX_BYTES} are allowed`;
    throw new CloudError("iot.messagebroker.PublishMessageFailed", text);
  }
  const [, productKey = "", deviceName = "", ...levels] = topic.split("/");
  if (productKey !== product.productKey || /[+#]/.test(topic)) {
    const text = `TopicFullName has to be /${product.productKey}/{DeviceName}/… without wildcards`;
    throw new CloudError("iot.messagebroker.InvalidFormattedTopicName", text);
  }
  const name = levels.join("/");
  if (!product.topics.some((each) => each.right !== "PUB" && matches(each.name, name))) {
    const text = `"${name}" is no topic class of the product that its devices may subscribe to`;
    throw new CloudError("iot.messagebroker.TopicTemplateIsNotFound", text);
  }
  const device = { productKey, deviceName };
  if (!(await devices.get(device))) {
    throw new CloudError("iot.device.NotExistedDevice", `device ${deviceName} does not exist`);
  }
  // As with the real platform, success says nothing about whether the device got it.
  await router.send(device, { topic, payload, qos });
  return { MessageId: ids.message() };
};

function base64(parameters: Parameters, name: string): Buffer {
  const text = parameters.text(name);
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64").replace(/=+$/, "") !== text.replace(/=+$/, "")) {
    const message = `${name} is not Base64`;
    throw new CloudError("iot.messagebroker.MessageContentIsNotBase64Encode", message);
  }
  return bytes;
}
