/**
 * A firmware whose application puts the updater into the test's hands: the global `ota`, and
 * `verdict`, what `canUpdate` answers. `seen` is the last package that was offered.
 * @module
 */
import { AliIot } from "../../../src/ali/aliiot.ts";
import { PROJECT_NAME } from "../../../src/app/project.ts";
import { installConsole } from "../../../src/debug/console.ts";
import { setLogLevel } from "../../../src/debug/log.ts";
import { link } from "../../../src/link/index.ts";
import { AliIotOTA } from "../../../src/ota/aliiotota.ts";
import { readSettings, type Settings } from "../../../src/store/settings.ts";
import { restart } from "../../../src/system/restart.ts";

const settings = readSettings() as Settings;
setLogLevel("info");
const server = new AliIot(settings);
const ota = new AliIotOTA(PROJECT_NAME, "EC600N-CNLC");
ota.setServer(server);
ota.setAutoConfirm(!global.manual);
ota.setCanUpdate((info) => {
  global.asked = (global.asked || 0) + 1;
  print("asked for " + info.otaModule + " " + info.otaVersion);
  return global.verdict === undefined ? true : global.verdict;
});

/** Outcomes of `start()`, in order. */
global.outcomes = [];
global.ota = ota;
global.link = link;
server.setCallback((topic, data) => {
  if (!topic.startsWith("/ota/") && !topic.endsWith("/firmware/get_reply")) return;
  global.seen = data;
  ota.setOtaData(data);
  ota.start().then((staged) => {
    global.outcomes.push(staged);
    if (staged && !global.stay) server.disconnect().then(restart);
  });
});
link.up(settings);
server.connect().then(() => server.otaDeviceInform(ota.version, PROJECT_NAME));
installConsole({ server: server, ota: ota });
