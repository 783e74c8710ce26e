/**
 * Actions that send messages to devices: RRPC and publishing on custom topics.
 * @module
 */
import { matches } from "../../broker/topic.ts";
import { CloudError } from "../../errors.ts";
import type { Action } from "../action.ts";
import { fromBase64, payloadOf } from "../payload.ts";

export const RRpc: Action = async (parameters, { devices, rrpc }) => {
  const device = await parameters.device(devices);
  const payload = fromBase64(parameters, "RequestBase64Byte");
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

export const Pub: Action = async (parameters, context) => {
  const { catalog, devices, router, ids, topicClasses } = context;
  const product = catalog.require(parameters.productKey());
  const topic = parameters.text("TopicFullName");
  const payload = payloadOf(parameters, "MessageContent");
  const qos = parameters.integer("Qos", { min: 0, max: 1, preset: 0 }) as 0 | 1;
  const [, productKey = "", deviceName = "", ...levels] = topic.split("/");
  if (productKey !== product.productKey || /[+#]/.test(topic)) {
    const text = `TopicFullName has to be /${product.productKey}/{DeviceName}/… without wildcards`;
    throw new CloudError("iot.messagebroker.InvalidFormattedTopicName", text);
  }
  const name = levels.join("/");
  const classes = topicClasses.of(product.productKey);
  if (!classes.some((each) => each.right !== "PUB" && matches(each.name, name))) {
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
