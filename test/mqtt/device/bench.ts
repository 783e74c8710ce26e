/**
 * Measures the client: variables, and the time of a publish against that of a bare write.
 * @module
 */
import { MqttClient } from "../../../src/mqtt/client.ts";
import { encodePublish, field, word } from "../../../src/mqtt/encode.ts";

interface Settings {
  port: number;
  rounds: number;
}

const settings: Settings = global.settings;
const payload = "x".repeat(64);
const topic = "/sys/a1B2c3D4e5F/tracker_0001/thing/event/property/post";

let client: MqttClient;
let rounds = 0;
let since = 0;
let before = 0;

function usage(): number {
  return process.memory().usage;
}

/** Microseconds a round, since the last call. */
function lap(): number {
  return Math.round(((getTime() - since) * 1000000) / settings.rounds);
}

function connect(connected?: () => void): EspruinoSocket {
  return require("net").connect({ host: "127.0.0.1", port: settings.port }, connected);
}

function ignore(): void {}

function bareWrites(): void {
  const bytes = encodePublish(field(topic), payload, word(1));
  rounds = settings.rounds;
  since = getTime();
  const socket = connect(() => socket.write(bytes));
  socket.on("data", () => {
    if (--rounds > 0) {
      socket.write(bytes);
      return;
    }
    print("bare " + lap());
    socket.end();
    setTimeout(mqtt, 100);
  });
}

function mqtt(): void {
  before = usage();
  client = new MqttClient(
    {
      dial: connect,
      credentials: () => ({ clientId: "bench", username: "user", password: "password" }),
      keepalive: 60,
      cleanSession: true,
    },
    { onMessage: ignore, onOnline: onOnline, onOffline: ignore },
  );
  print("made " + (usage() - before));
  client.start();
}

function onOnline(): void {
  // From a fresh stack, as an application would measure.
  setTimeout(fill, 100);
}

function fill(): void {
  print("online " + (usage() - before));
  for (let n = 0; n < 32; n++) client.publishText(topic, payload, 1);
  print("full " + (usage() - before));
  rounds = settings.rounds;
  setTimeout(oneByOne, 200);
}

function oneByOne(): void {
  since = getTime();
  publishNext();
}

function publishNext(): void {
  client.publishText(topic, payload, 1, onAcknowledged);
}

function onAcknowledged(): void {
  if (--rounds > 0) {
    publishNext();
    return;
  }
  print("publish " + lap());
  rounds = settings.rounds;
  since = getTime();
  for (let n = 0; n < 16; n++) client.publishText(topic, payload, 1, onStreamed);
}

function onStreamed(): void {
  rounds--;
  if (rounds === 0) print("stream " + lap());
  if (rounds > 0) client.publishText(topic, payload, 1, onStreamed);
}

function start(): void {
  print("loaded " + usage());
  bareWrites();
}

start();
