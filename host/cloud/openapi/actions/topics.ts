/**
 * Actions on topics: a product's classes, and messages to all its devices.
 * @module
 */
import type { TopicClass } from "../../broker/topic.ts";
import { BROADCAST_QOS } from "../../defaults.ts";
import { CloudError } from "../../errors.ts";
import type { Action } from "../action.ts";
import { payloadOf } from "../payload.ts";

const RIGHTS = ["PUB", "SUB", "ALL"] as const;

export const CreateProductTopic: Action = async (parameters, { catalog, topicClasses }) => {
  const { productKey } = catalog.require(parameters.productKey());
  const name = parameters.text("TopicShortName");
  parameters.text("Operation");
  const right = parameters.word<TopicClass["right"]>("Operation", RIGHTS, "PUB");
  const id = topicClasses.create(productKey, name, right, parameters.optional("Desc") ?? "");
  await topicClasses.flush();
  return { TopicId: Number(id) };
};

export const QueryProductTopic: Action = async (parameters, { catalog, topicClasses }) => {
  const { productKey } = catalog.require(parameters.productKey());
  const ProductTopicInfo = topicClasses.of(productKey).map(({ id, name, right, description }) => ({
    Id: id,
    ProductKey: productKey,
    TopicShortName: `/${productKey}/\${deviceName}/${name}`,
    Operation: right,
    Desc: description,
  }));
  return { Data: { ProductTopicInfo } };
};

export const UpdateProductTopic: Action = async (parameters, { topicClasses }) => {
  const id = parameters.text("TopicId");
  const asked = parameters.optional("Operation") !== undefined;
  const description = parameters.optional("Desc");
  topicClasses.update(id, {
    shortName: parameters.optional("TopicShortName"),
    ...(asked ? { right: parameters.word<TopicClass["right"]>("Operation", RIGHTS, "PUB") } : {}),
    ...(description === undefined ? {} : { description }),
  });
  await topicClasses.flush();
  return {};
};

export const DeleteProductTopic: Action = async (parameters, { topicClasses }) => {
  topicClasses.delete(parameters.text("TopicId"));
  await topicClasses.flush();
  return {};
};

/**
 * To `/broadcast/{productKey}/…` for who has subscribed to it; without a topic, to each device that is
 * online, on `/sys/{productKey}/{deviceName}/broadcast/request/{messageId}`.
 */
export const PubBroadcast: Action = async (parameters, context) => {
  const { broker, catalog, devices, ids, router } = context;
  const { productKey } = catalog.require(parameters.productKey());
  const payload = payloadOf(parameters, "MessageContent");
  const topic = parameters.optional("TopicFullName");
  if (topic !== undefined && !isBroadcast(topic, productKey)) {
    const text = `TopicFullName has to be /broadcast/${productKey}/… without wildcards`;
    throw new CloudError("iot.messagebroker.InvalidFormattedTopicName", text);
  }
  const messageId = ids.message();
  for (const device of await devices.list(productKey)) {
    const own = `/sys/${productKey}/${device.deviceName}/broadcast/request/${messageId}`;
    const target = topic ?? own;
    const session = broker.session(device);
    if (!session?.online || !session.receives(target)) continue;
    await router.send(device, { topic: target, payload, qos: BROADCAST_QOS });
  }
  return { longs: { MessageId: messageId } };
};

function isBroadcast(topic: string, productKey: string): boolean {
  const before = `/broadcast/${productKey}/`;
  return topic.startsWith(before) && topic.length > before.length && !/[+#]/.test(topic);
}
