/**
 * Measures every half second and posts ten values at a time; first, an event of an hour ago.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { History } from "../src/ali/services/history.ts";
import type { Timed } from "../src/ali/thing-model.ts";
import type { Model } from "../src/app/model.ts";
import type { Settings } from "../src/store/settings.ts";

let level = 100;
let energy: Timed<number>[] = [];

export function startApp(settings: Settings) {
  const server = new AliIot<Model>(settings);
  const history = new History(server);
  server.connect().then(() => {
    const hourAgo = { value: { power_level: 12 }, time: Math.floor(Date.now()) - 3600000 };
    history.historyPost({ events: { low_power_alarm: [hourAgo] } });
    setInterval(() => {
      energy.push({ value: level--, time: Math.floor(Date.now()) });
      if (energy.length < 10) return;
      history.batchPost({ properties: { energy: energy } });
      energy = [];
    }, 500);
  });
  return { server: server };
}
