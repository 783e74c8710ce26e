/**
 * The walk through the manual's usage example. Each step is confirmed by what the platform
 * received, stored or was answered; none by what the device says of itself.
 * @module
 */
import { PROJECT_NAME } from "../../src/app/project.ts";
import type { Stage } from "./stage.ts";
import type { Seen } from "./watch.ts";

/** A step: `run` resolves with what was confirmed, and rejects with what was missing. */
export interface Step {
  title: string;
  run(stage: Stage): Promise<string>;
}

export interface StepResult {
  title: string;
  /** What was confirmed. */
  confirmed?: string;
  /** What was missing; the steps after it are not tried. */
  missing?: string;
}

const RRPC_TIMEOUT_MS = 5000;

type Message = Extract<Seen, { kind: "message" }>;

/** A message of the device on a topic that ends so, with the code the platform gave it. */
async function post(stage: Stage, what: string, ending: string, from = 0): Promise<Message> {
  const message = await stage.watch.wait(
    what,
    from,
    (seen): seen is Message =>
      seen.kind === "message" && seen.direction === "up" && seen.topic.endsWith(ending),
  );
  if (message.code !== 200) {
    throw new Error(`${what} was answered with ${message.code}: ${message.note ?? ""}`);
  }
  return message;
}

async function logOn(stage: Stage, from: number): Promise<void> {
  const seen = await stage.watch.wait(
    "the log-on",
    from,
    (event) => event.kind === "refusal" || (event.kind === "status" && event.online),
  );
  if (seen.kind === "refusal") throw new Error(`refused with ${seen.code}: ${seen.reason}`);
}

async function logOff(stage: Stage, from: number): Promise<string> {
  const seen = await stage.watch.wait(
    "going offline",
    from,
    (event) => event.kind === "status" && !event.online,
  );
  return (seen.kind === "status" && seen.reason) || "connection lost";
}

/** What the platform holds of the device. */
function held(stage: Stage) {
  return stage.cloud.device(stage.device.productKey, stage.device.deviceName);
}

function expectSame(what: string, value: unknown, expected: unknown): void {
  const shown = JSON.stringify(value);
  if (shown !== JSON.stringify(expected)) {
    throw new Error(`${what} is ${shown}, expected ${JSON.stringify(expected)}`);
  }
}

/** Sets `power_switch` and waits until the device has reported it. */
async function setSwitch(stage: Stage, value: 0 | 1): Promise<string> {
  const from = stage.watch.now;
  const reply = await stage.cloud.setProperty(stage.device, { power_switch: value });
  expectSame("the reply's code", reply.code, 200);
  await post(stage, "the report after the set", "/thing/event/property/post", from);
  expectSame("power_switch", (await held(stage).properties()).power_switch?.value, value);
  return `power_switch is ${value}`;
}

export const walk: Step[] = [
  {
    title: "The board starts and logs on",
    run: async (stage) => {
      const from = stage.watch.now;
      await stage.board.powerOn();
      await logOn(stage, from);
      expectSame("the device's status", await held(stage).status(), "ONLINE");
      return "ONLINE";
    },
  },
  {
    title: "propertiesReport",
    run: async (stage) => {
      await post(stage, "the property report", "/thing/event/property/post");
      const { energy, GeoLocation } = await held(stage).properties();
      expectSame("energy", energy?.value, 100);
      return `energy ${energy?.value}, GeoLocation ${JSON.stringify(GeoLocation?.value)}`;
    },
  },
  {
    title: "eventReport",
    run: async (stage) => {
      await post(stage, "the event", "/thing/event/low_power_alarm/post");
      const [event] = await held(stage).events();
      expectSame("the event's output", event?.value, { power_level: 20 });
      return `${event?.identifier} ${JSON.stringify(event?.value)}`;
    },
  },
  {
    title: "otaDeviceInform",
    run: async (stage) => {
      // A modem's version may be told, too.
      await stage.watch.wait("the version", 0, (seen) => isInform(stage, seen));
      const modules = await held(stage).otaVersions();
      const module = modules.find(({ module }) => module === PROJECT_NAME);
      expectSame("the module's version", module?.version, "1.0.0");
      return `${module?.module} ${module?.version}`;
    },
  },
  {
    title: "otaFirmwareGet",
    run: async (stage) => {
      const request = await post(stage, "the request for a package", "/thing/ota/firmware/get");
      return request.note ?? "answered";
    },
  },
  {
    title: "propertySetReply",
    run: (stage) => setSwitch(stage, 0),
  },
  {
    title: "serviceResponse, asynchronous",
    run: async (stage) => {
      const reply = await stage.cloud.invokeService(stage.device, "query_phone_num");
      expectSame("the output", reply.data, { phone_num: "123456789" });
      return `query_phone_num gives ${JSON.stringify(reply.data)}`;
    },
  },
  {
    title: "serviceResponse, synchronous",
    run: async (stage) => {
      const reply = await stage.cloud.invokeService(stage.device, "query_power_level");
      expectSame("the output", reply.data, { power_level: 100 });
      return `query_power_level gives ${JSON.stringify(reply.data)}`;
    },
  },
  {
    title: "rrpcResponse",
    run: async (stage) => {
      const payload = Buffer.from('{"question":"phone_num"}');
      const answer = await stage.cloud.rrpc(stage.device, {
        payload,
        timeoutMs: RRPC_TIMEOUT_MS,
      });
      const text = answer.payload.toString("utf8");
      expectSame("the answer", JSON.parse(text), { phone_num: "123456789" });
      return text;
    },
  },
  {
    title: "The network fails and comes back",
    run: async (stage) => {
      const from = stage.watch.now;
      stage.network.cut();
      await logOff(stage, from);
      const back = stage.watch.now;
      await stage.network.restore();
      await logOn(stage, back);
      return `online again by itself; ${await setSwitch(stage, 1)}`;
    },
  },
  {
    title: "The power fails and comes back",
    run: async (stage) => {
      const from = stage.watch.now;
      await stage.board.powerOff();
      await logOff(stage, from);
      const back = stage.watch.now;
      await stage.board.powerOn();
      await logOn(stage, back);
      await post(stage, "the property report", "/thing/event/property/post", back);
      await post(stage, "the request for a package", "/thing/ota/firmware/get", back);
      return "started, logged on and reported again";
    },
  },
];

/** The last step: for good, so only at the end of a walk that does not stay. */
export const farewell: Step = {
  title: "disconnect",
  run: async (stage) => {
    const from = stage.watch.now;
    await stage.board.evaluate("ali.disconnect()");
    const reason = await logOff(stage, from);
    expectSame("the device's status", await held(stage).status(), "OFFLINE");
    return reason;
  },
};

/** Walks until the end or the first step that is not confirmed, telling each result. */
export async function runWalk(
  stage: Stage,
  steps: Step[],
  tell: (result: StepResult) => void,
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    const result: StepResult = { title: step.title };
    try {
      result.confirmed = await step.run(stage);
    } catch (error) {
      result.missing = (error as Error).message;
    }
    results.push(result);
    tell(result);
    if (result.missing !== undefined) break;
  }
  return results;
}

/** Whether the platform took the version of the application. */
function isInform(stage: Stage, seen: Seen): boolean {
  return (
    seen.kind === "message" &&
    seen.topic === `/ota/device/inform/${ownTopic(stage)}` &&
    seen.payload.includes(PROJECT_NAME) &&
    seen.code === 200
  );
}

function ownTopic({ device }: Stage): string {
  return `${device.productKey}/${device.deviceName}`;
}
