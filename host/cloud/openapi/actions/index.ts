/**
 * The API actions that the platform offers, by name.
 * @module
 */
import type { Action } from "../action.ts";
import * as dataActions from "./data.ts";
import * as desiredActions from "./desired.ts";
import * as deviceActions from "./devices.ts";
import * as messageActions from "./messages.ts";
import * as otaActions from "./ota.ts";
import * as thingActions from "./thing.ts";

export const ACTIONS: ReadonlyMap<string, Action> = new Map(
  Object.entries({
    ...deviceActions,
    ...dataActions,
    ...thingActions,
    ...desiredActions,
    ...messageActions,
    ...otaActions,
  }),
);
