/**
 * Every family starts, tells who it is, and moves bytes in its own way.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { families } from "../../host/modem/index.ts";
import { BOOT, connected, Dialogue, info } from "./dialogue.ts";

for (const family of Object.values(families)) {
  test(family.name, () => {
    const cold = new Dialogue({ family: family.name, start: "off", urcport: "uart1" });
    cold.modem.powerKey(true);
    const heard = cold.wait(family.keys.on + BOOT);
    cold.modem.powerKey(false);
    assert.match(heard, /^\r\nRDY\r\n.*\+CPIN: READY\r\n.*PB DONE\r\n$/s);
    assert.equal(heard.includes("APP RDY"), family.appReady);
    cold.ask("ATE0");
    assert.ok(cold.ask("ATI").includes(`Revision: ${family.revision}\r\n`));

    const { dialogue: modem, server, opened } = connected({ family: family.name });
    assert.match(opened, /\+QIOPEN: 0,0\r\n$/);
    const prompt = modem.ask("AT+QISEND=0,2");
    assert.equal(prompt.trim(), ">");
    assert.match(modem.send("hi"), /SEND OK/);
    server.send("ho");
    modem.wait(100);
    assert.match(modem.ask("AT+QIRD=0,100"), /^\r\n\+QIRD: 2\r\nho(\r\n){1,2}OK\r\n$/);
    assert.equal(modem.ask("AT+QISEND=0,0"), info("+QISEND: 2,2,0"));
  });
}
