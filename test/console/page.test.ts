/**
 * The console as a person uses it: in a browser, with a virtual board on the platform. The parts
 * follow one another on one stage.
 * @module
 */
import { after, before, describe } from "node:test";
import { findChromium } from "../../host/console/browser.ts";
import { commands } from "./page/commands.ts";
import { devices } from "./page/devices.ts";
import { manners } from "./page/manners.ts";
import { updates } from "./page/updates.ts";
import { openPerson, type Person } from "./person.ts";

const chromium = findChromium();
if (!chromium) console.log("no chromium on the PATH and no $CHROMIUM: the page is not tested");

describe("the console", { skip: !chromium }, () => {
  let person: Person;
  before(async () => {
    person = await openPerson(chromium as string);
  });
  after(() => person.close());

  const at = () => person;
  devices(at);
  commands(at);
  updates(at);
  manners(at);
});
