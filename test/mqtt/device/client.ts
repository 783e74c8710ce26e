/**
 * The MQTT client in an application that does as its settings say and prints what happens.
 * @module
 */
import { MqttClient, type MqttError } from "../../../src/mqtt/client.ts";
import { statsOf } from "../../../src/mqtt/stats.ts";
import { toHex } from "../../../src/text/hex.ts";
import { parseJson, toJson } from "../../../src/text/json.ts";

interface Settings {
  /**
   * `numbers`: publishes 1 to `count`; `talk`: answers JSON on `down/#`; `listen`: only tells what
   * it hears; `flood`: publishes more than fits.
   */
  task: "numbers" | "talk" | "listen" | "flood";
  port: number;
  clientId: string;
  count?: number;
  keepalive?: number;
  backoff?: { first: number; max: number };
  connectTimeout?: number;
}

const settings: Settings = global.settings;

let next = 1;
let settled = 0;
let startedAt = 0;

const client = new MqttClient(
  {
    dial: () => require("net").connect({ host: "127.0.0.1", port: settings.port }),
    credentials: () => ({ clientId: settings.clientId, username: "user", password: "password" }),
    keepalive: settings.keepalive || 60,
    cleanSession: false,
    backoff: settings.backoff || { first: 20, max: 100 },
    connectTimeout: settings.connectTimeout || 10,
  },
  { onMessage: onMessage, onOnline: onOnline, onOffline: onOffline },
);

function onMessage(topic: string, payload: string, qos: number, dup: boolean): void {
  if (settings.task !== "talk") {
    print("message " + topic + " " + qos + " " + dup + " " + payload.length);
    return;
  }
  if (topic === "down/stop") {
    client.stop(() => print("stopped " + JSON.stringify(statsOf(client.session))));
    return;
  }
  // What the application makes of it goes back: whole, its length, and each way of writing text.
  const data = parseJson(payload);
  const answer = toJson({ echo: data, text: "\xe6\xb8\xa9\xe5\xba\xa6", qos: qos });
  const id = client.publishText("up/echo", answer, qos as 0 | 1, (_delivered, error) => {
    print("answered " + (error ? error.name : toHex(toJson(data.text))));
  });
  if (id < 0) print("refused " + id);
}

function onOnline(sessionPresent: boolean): void {
  print("online " + sessionPresent);
  if (settings.task === "talk") {
    client.subscribe(["down/#", "\xe4\xb8\x8b/+"], 1, (error, granted) => {
      print("subscribed " + (error ? error.name : granted.join()));
    });
  }
}

function onOffline(error: MqttError): void {
  print("offline " + error.code + " " + error.name);
}

/** Keeps the outbox as full as it may be. */
function publishNumbers(): void {
  const count = settings.count || 0;
  while (next <= count) {
    const id = client.publishText("numbers", "" + next, 1, onSettled);
    if (id < 0) return;
    next++;
  }
}

function onSettled(_delivered: boolean, error: MqttError | null): void {
  if (error) print("failed " + error.name);
  settled++;
  if (settled === settings.count) {
    print("settled " + settled + " " + Math.round((getTime() - startedAt) * 1000));
    client.stop(() => print("stopped " + JSON.stringify(statsOf(client.session))));
    return;
  }
  publishNumbers();
}

/** Publishes before anything is connected: all that fits, and what is refused. */
function flood(): void {
  const codes: { [code: string]: number } = {};
  for (let n = 0; n < 100; n++) {
    const id = client.publishText("flood", "x".repeat(100), 1);
    const kind = id < 0 ? "" + id : "taken";
    codes[kind] = (codes[kind] || 0) + 1;
  }
  print("flood " + JSON.stringify(codes) + " " + JSON.stringify(statsOf(client.session)));
}

function start(): void {
  startedAt = getTime();
  if (settings.task === "flood") flood();
  if (settings.task === "numbers") publishNumbers();
  print("started");
  client.start();
}

start();
