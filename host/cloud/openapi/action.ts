/**
 * What an API action is given and what it gives.
 * @module
 */
import type { Bootstrap } from "../auth/bootstrap.ts";
import type { Access } from "../auth/start.ts";
import type { Registry } from "../device-view.ts";
import type { MessageIds } from "../message-ids.ts";
import type { OtaPlatform } from "../ota/start.ts";
import type { TopicClasses } from "../products/topic-classes.ts";
import type { Router } from "../router.ts";
import type { Rrpc } from "../rrpc/rrpc.ts";
import type { DeviceServices } from "../services.ts";
import type { DesiredValues } from "../store/desired-values.ts";
import type { Commands } from "../thing/commands.ts";
import type { Parameters } from "./parameters.ts";

/** The parts of the platform that actions use. */
export interface ActionContext extends Registry, DeviceServices {
  commands: Commands;
  rrpc: Rrpc;
  router: Router;
  ids: MessageIds;
  desired: DesiredValues;
  ota: OtaPlatform;
  topicClasses: TopicClasses;
  access: Access;
  bootstrap: Bootstrap;
}

/** The platform as one request sees it. */
export interface RequestContext extends ActionContext {
  /** The host by which the caller has reached the platform. */
  callerHost: string;
}

/** Members of the answer besides `RequestId` and `Success`, which may be overridden. */
export interface ActionResult {
  [member: string]: unknown;
  /** Members that are whole numbers of up to 19 digits. */
  longs?: Record<string, string>;
}

export type Action = (parameters: Parameters, context: RequestContext) => Promise<ActionResult>;
