/**
 * Commands of network, contexts and time: when they go well, and when they can't.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ERROR, info, OK, online, running } from "./dialogue.ts";
import { check, cme, tcp } from "./talks.ts";

describe("network", () => {
  check(running, [
    [
      "registration",
      [
        ["AT+CREG?", info("+CREG: 0,1")],
        ["AT+CEREG=?", info("+CEREG: (0-2)")],
      ],
    ],
    [
      "registration, forms",
      [
        ["AT+CGREG=1", OK],
        ["AT+CGREG?", info("+CGREG: 1,1")],
        ["AT+CREG=3", ERROR],
      ],
    ],
    [
      "signal",
      [
        ["AT+CSQ?", cme(3)],
        ["AT+CSQ=?", info("+CSQ: (0-31,99),(0-7,99)")],
      ],
    ],
    ["signal in dBm", [["AT+QCSQ", info('+QCSQ: "LTE",-65,-85,160,-10')]]],
    ["cell", [["AT+QNWINFO", info('+QNWINFO: "FDD LTE",46000,"LTE BAND 3",1650')]]],
    [
      "operator",
      [
        ["AT+COPS?", info('+COPS: 0,0,"CHINA MOBILE",7')],
        ["AT+COPS=9", ERROR],
      ],
    ],
    [
      "operators",
      [
        [
          "AT+COPS=?",
          info('+COPS: (2,"CHINA MOBILE","CHINA MOBILE","46000",7),,(0-4),(0-2)'),
          30_000,
        ],
      ],
    ],
    [
      "attachment",
      [
        ["AT+CGATT?", info("+CGATT: 1")],
        ["AT+CGATT=2", ERROR],
      ],
    ],
    [
      "away and back",
      [
        ["AT+CREG=1", OK],
        ["AT+COPS=2", `${OK}\r\n+CREG: 0\r\n`, 1000],
        ["AT+COPS?", info("+COPS: 0")],
        ["AT+COPS=0", `${OK}\r\n+CREG: 2\r\n\r\n+CREG: 1\r\n`, 6000],
      ],
    ],
  ]);
  check(
    () => running({ registration: { stat: 3 } }),
    [
      [
        "denied",
        [
          ["AT+CEREG?", info("+CEREG: 0,3")],
          ["AT+CEER", info("+CEER: EMM cause 15")],
          ["AT+QNWINFO", info("+QNWINFO: No Service")],
          ["AT+QIACT=1", ERROR, 500],
          ["AT+QIGETERROR", tcp(561, "Open PDP context failed")],
        ],
      ],
    ],
  );
});

describe("contexts", () => {
  check(running, [
    [
      "settings",
      [
        ["AT+QICSGP=1", info('+QICSGP: 1,"","","",0')],
        ['AT+QICSGP=1,1,"cmnet","me","secret",2', OK],
        ["AT+QICSGP=1", info('+QICSGP: 1,"cmnet","me","secret",2')],
        ["AT+QICSGP=16", ERROR],
        ['AT+QICSGP=1,4,"x"', ERROR],
      ],
    ],
    [
      "CGDCONT",
      [
        ['AT+CGDCONT=1,"IP","cmnet"', OK],
        ["AT+CGDCONT?", info('+CGDCONT: 1,"IP","cmnet","0.0.0.0",0,0,0,0')],
        ['AT+CGDCONT=1,"X","cmnet"', ERROR],
      ],
    ],
    [
      "activation",
      [
        ["AT+QIACT?", OK],
        ["AT+QIACT=1", OK, 400],
        ["AT+QIACT=1", OK],
        ["AT+QIACT?", info('+QIACT: 1,1,1,"10.1.2.3"')],
        ["AT+CGACT?", info("+CGACT: 1,1")],
        ["AT+CGPADDR=1", info('+CGPADDR: 1,"10.1.2.3"')],
        ["AT+QIDEACT=1", OK, 400],
        ["AT+QIACT?", OK],
        ["AT+CGPADDR=1", info("+CGPADDR: 1")],
        ["AT+QIACT=99", ERROR],
        ["AT+QIDEACT=99", ERROR],
      ],
    ],
    [
      "names before a context",
      [
        ["AT+QIDNSCFG=1", ERROR],
        ['AT+QIDNSGIP=1,"a.example"', ERROR],
      ],
    ],
  ]);
  check(online, [
    [
      "servers of names",
      [
        ["AT+QIDNSCFG=1", info('+QIDNSCFG: 1,"223.5.5.5","8.8.8.8"')],
        ['AT+QIDNSCFG=1,"1.1.1.1"', OK],
        ["AT+QIDNSCFG=1", info('+QIDNSCFG: 1,"1.1.1.1"')],
      ],
    ],
    ["unknown name", [['AT+QIDNSGIP=1,"a.example"', `${OK}\r\n+QIURC: "dnsgip",565\r\n`, 2000]]],
  ]);
  test("names and ping", () => {
    const modem = online();
    modem.network.hosts["a.example"] = "192.0.2.7";
    const found = '\r\n+QIURC: "dnsgip",0,1,600\r\n\r\n+QIURC: "dnsgip","192.0.2.7"\r\n';
    assert.equal(modem.ask('AT+QIDNSGIP=1,"a.example"', 2000), OK + found);
    const row = '\r\n+QPING: 0,"192.0.2.7",32,45,64\r\n';
    const sum = "\r\n+QPING: 0,4,4,0,45,45,45\r\n";
    assert.equal(modem.ask('AT+QPING=1,"a.example"', 5000), OK + row.repeat(4) + sum);
  });
  test("one context per subscription, whose id floats", () => {
    const modem = running({ sim: { contexts: 1 } });
    assert.equal(modem.ask("AT+QIACT=1", 500), ERROR);
    assert.equal(modem.ask("AT+QIGETERROR"), tcp(572, "Operation not allowed"));
    assert.equal(modem.ask("AT+CGACT?"), info("+CGACT: 1,0", "+CGACT: 9,1"));
    assert.equal(modem.ask("AT+CGACT=1,1"), cme(100));
    assert.equal(modem.ask("AT+CGACT=0,9"), OK);
    assert.equal(modem.ask("AT+QIACT=1", 500), OK);
  });
  test("the asynchronous forms are UNISOC's", () => {
    const modem = running({ family: "EC200U" });
    assert.equal(modem.ask("AT+QIACTEX=1", 500), `${OK}\r\n+QIACTEX: 1,0\r\n`);
    assert.equal(running().ask("AT+QIACTEX=1", 500), ERROR);
  });
});

describe("time", () => {
  check(running, [
    [
      "before any network time",
      [
        ["AT+CCLK?", info('+CCLK: "80/01/06,00:00:00+32"')],
        ['AT+CCLK="26/08/07,13:54:02+32"', OK],
        ["AT+CCLK?", info('+CCLK: "26/08/07,13:54:02+32"')],
        ['AT+CCLK="yesterday"', cme(50)],
      ],
    ],
    [
      "the network's",
      [
        ["AT+CTZU?", info("+CTZU: 0")],
        ["AT+CTZU=2", cme(50)],
        ["AT+CTZU=3", OK],
        ["AT+QLTS=1", info('+QLTS: "2026/01/01,00:00:00+32,0"')],
        ["AT+QLTS=2", info('+QLTS: "2026/01/01,08:00:00+32,0"')],
        ["AT+CCLK?", info('+CCLK: "26/01/01,08:00:00+32"')],
        ["AT+QLTS=3", cme(50)],
        ["AT+CTZR=1", OK],
      ],
    ],
    ["a server's, without a context", [['AT+QNTP=1,"ntp.example",123,1', ERROR]]],
  ]);
  check(online, [
    [
      "a server's: Greenwich with a zone behind it",
      [
        ['AT+QNTP=1,"ntp.example",123,1', `${OK}\r\n+QNTP: 0,"2026/01/01,00:00:02+32"\r\n`, 2000],
        ["AT+CCLK?", info('+CCLK: "26/01/01,08:00:03+32"')],
        ["AT+QNTP=1", ERROR],
      ],
    ],
  ]);
  check(() => running({ nitz: false }), [["never", [["AT+QLTS=1", info('+QLTS: ""')]]]]);
});
