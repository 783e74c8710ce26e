/**
 * A meter that speaks bytes: the product's parse script (examples/products/raw.script.js) makes Alink
 * JSON of them. Platform: `npm run cloud -- --products examples/products/raw.json`.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { RawChannel } from "../src/ali/services/raw-channel.ts";
import type { Settings } from "../src/store/settings.ts";

const code200 = "\x00\xc8";
let power = 1;

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  const raw = new RawChannel(server);
  const report = () => raw.up("\0" + "\0\0\0\x01" + String.fromCharCode(87, power));
  raw.onReply((frame) => print("reply", frame.charCodeAt(5) * 256 + frame.charCodeAt(6)));
  raw.onDown((frame) => {
    const answer = "\x03" + frame.substr(1, 4) + code200;
    if (frame.charCodeAt(0) === 4) return answer + "\x57"; // the battery, 87
    power = frame.charCodeAt(5);
    report();
    return answer;
  });
  server.connect().then(report);
  return { server: server };
}
