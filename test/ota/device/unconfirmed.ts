/**
 * A firmware that logs on and informs its version but never confirms itself. What stands before it
 * in its script may set `stranger`, the device name under which it logs on.
 * @module
 */
import { AliIot } from "../../../src/ali/aliiot.ts";
import { PROJECT_NAME } from "../../../src/app/project.ts";
import { link } from "../../../src/link/index.ts";
import { AliIotOTA } from "../../../src/ota/aliiotota.ts";
import { readSettings, type Settings } from "../../../src/store/settings.ts";

const settings = readSettings() as Settings;
if (global.stranger) settings.deviceName = global.stranger;
const server = new AliIot(settings);
const ota = new AliIotOTA(PROJECT_NAME, "");
ota.setServer(server);
ota.setAutoConfirm(false);
link.up(settings);
server.connect();
