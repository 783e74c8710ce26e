/**
 * The board's own link under load: publishes numbered reports at a steady pace, loads a file over and
 * over, compares each of its bytes with the copy in flash, and says how it fares when it is asked.
 * @module
 */
import { logInfo, setLogLevel } from "../../../../src/debug/log.ts";
import { HttpDownload } from "../../../../src/http/download.ts";
import type { Sink } from "../../../../src/http/sink.ts";
import { REFUSED, TAKEN } from "../../../../src/http/sink.ts";
import { dial } from "../../../../src/link/connection.ts";
import { link } from "../../../../src/link/index.ts";
import { MqttClient, type MqttError } from "../../../../src/mqtt/client.ts";
import { statsOf } from "../../../../src/mqtt/stats.ts";
import type { Failure } from "../../../../src/ota/failure.ts";

interface Settings {
  reports: number;
  /** Milliseconds from one report to the next, from one file to the next, after a failed download. */
  reportPause: number;
  filePause: number;
  retryPause: number;
  fileSize: number;
  log: "off" | "info";
}

const settings: Settings = global.settings;

let due = 0;
let published = 0;
/** Reports that the client gave up on a living connection. */
let unsettled = 0;
let files = 0;
let givenUp = 0;
let wrongAt = -1;
let download: HttpDownload | undefined;

function settled(_delivered: boolean, error: MqttError | null): void {
  if (!error) return;
  unsettled++;
  logInfo("storm", "report given up: " + error.message);
}

const client = new MqttClient(
  {
    dial: () => dial(false, { host: "mqtt.example", port: 1883 }),
    credentials: () => ({ clientId: "storm", username: "user", password: "password" }),
    keepalive: 60,
    cleanSession: false,
  },
  {
    onMessage: () => {},
    onOnline: () => logInfo("storm", "logged on"),
    onOffline: (error) => logInfo("storm", "offline: " + error.message),
  },
);

/** Where the outbox is full, reports wait here. */
function publish(): void {
  while (published < due) {
    const number = published + 1;
    const id = client.publishText(
      "storm/reports",
      "report " + number + " " + "x".repeat(200),
      1,
      settled,
    );
    if (id < 0) break;
    published = number;
  }
}

function onReport(): void {
  if (due < settings.reports) due++;
  publish();
  setTimeout(onReport, settings.reportPause);
}

const sink = {
  size: settings.fileSize,
  position: 0,
  accept: (bytes: string): number => {
    if (require("Storage").read("expected", sink.position, bytes.length) !== bytes) {
      wrongAt = sink.position;
      print("Uncaught: wrong bytes from " + wrongAt + " on");
      return REFUSED;
    }
    sink.position += bytes.length;
    return TAKEN;
  },
};

const owner = {
  downloaded: (failure: Failure | null): void => {
    download = undefined;
    if (failure) {
      givenUp++;
      logInfo("storm", "download given up: " + failure.text);
      setTimeout(load, settings.retryPause);
      return;
    }
    if (wrongAt >= 0) return;
    files++;
    sink.position = 0;
    setTimeout(load, settings.filePause);
  },
};

function load(): void {
  download = new HttpDownload("http://files.example/file", sink as Sink, owner);
  download.start();
}

function tell(): void {
  print(
    "TOLD" +
      JSON.stringify({
        state: link.state,
        counters: link.counters,
        stats: statsOf(client.session),
        published: published,
        unsettled: unsettled,
        files: files,
        givenUp: givenUp,
        at: sink.position,
        loading: !!download,
        memory: process.memory().usage,
      }),
  );
}

// What counts for the memory hangs on this, too: the estimate does not see closures.
global.storm = { tell: tell, client: client, link: link, sink: sink };
setLogLevel(settings.log);
link.onChange((up) => client.linkChanged(up));
client.linkChanged(false);
client.start();
link.up({ cellular: { apn: "cmnet" } });
onReport();
load();
