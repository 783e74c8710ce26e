/**
 * The API actions that the platform offers, by name.
 * @module
 */
import type { Action } from "../action.ts";
import * as accessActions from "./access.ts";
import * as dataActions from "./data.ts";
import * as desiredActions from "./desired.ts";
import * as deviceFileActions from "./device-files.ts";
import * as deviceActions from "./devices.ts";
import * as jobTaskActions from "./job-tasks.ts";
import * as jobActions from "./jobs.ts";
import * as messageActions from "./messages.ts";
import * as otaActions from "./ota.ts";
import * as otaJobActions from "./ota-jobs.ts";
import * as otaPackageActions from "./ota-packages.ts";
import * as otaTaskActions from "./ota-tasks.ts";
import * as shadowActions from "./shadow.ts";
import * as tagActions from "./tags.ts";
import * as thingActions from "./thing.ts";
import * as topicActions from "./topics.ts";
import * as topologyActions from "./topology.ts";

export const ACTIONS: ReadonlyMap<string, Action> = new Map(
  Object.entries({
    ...deviceActions,
    ...dataActions,
    ...thingActions,
    ...topologyActions,
    ...desiredActions,
    ...shadowActions,
    ...tagActions,
    ...messageActions,
    ...topicActions,
    ...accessActions,
    ...otaActions,
    ...otaPackageActions,
    ...otaJobActions,
    ...otaTaskActions,
    ...deviceFileActions,
    ...jobActions,
    ...jobTaskActions,
  }),
);
