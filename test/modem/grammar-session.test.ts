/**
 * Commands of the session, of identity and the SIM card: when they go well, and when they can't.
 * @module
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Dialogue, ERROR, info, OK, running } from "./dialogue.ts";
import { check, cme } from "./talks.ts";

describe("session", () => {
  check(running, [
    [
      "echo",
      [
        ["ATE1", OK],
        ["AT", `AT\r${OK}`],
        ["ATE0", `ATE0\r${OK}`],
        ["ATE2", ERROR],
        ["AT", OK],
      ],
    ],
    [
      "no AT",
      [
        ["hello", ""],
        ["xxAT", OK],
      ],
    ],
    [
      "unknown",
      [
        ["AT+NOSUCH", ERROR],
        ["ATBOGUS", ERROR],
        ["AT+", ERROR],
      ],
    ],
    [
      "chains",
      [
        ["AT+CSQ;+CGATT?", info("+CSQ: 24,99", "+CGATT: 1")],
        ["AT+NO;+CSQ", ERROR],
      ],
    ],
    [
      "basic commands in one word",
      [
        ["AT&FZE0V1", OK],
        ["AT", OK],
      ],
    ],
    [
      "small letters and spaces",
      [
        ["at+csq", info("+CSQ: 24,99")],
        ["AT+CREG = 2", OK],
      ],
    ],
    [
      "numbers for results",
      [
        ["ATV0", "0\r"],
        ["AT", "0\r"],
        ["AT+NO", "4\r"],
        ["ATV1", OK],
      ],
    ],
    [
      "no results",
      [
        ["ATQ1", ""],
        ["AT", ""],
        ["ATQ0", OK],
      ],
    ],
    [
      "&F",
      [
        ["AT+CMEE=2", OK],
        ["AT&F", OK],
        ["AT+CMEE?", `AT+CMEE?\r${info("+CMEE: 1")}`],
      ],
    ],
    [
      "S3",
      [
        ["ATS3?", info("013")],
        ["ATS3=300", ERROR],
      ],
    ],
    [
      "forms of errors",
      [
        ["AT+CMEE=0", OK],
        ['AT+CPIN="0000"', ERROR],
        ["AT+CMEE=1", OK],
        ['AT+CPIN="0000"', cme(3)],
        ["AT+CMEE=2", OK],
        ['AT+CPIN="0000"', "\r\n+CME ERROR: operation not allowed\r\n"],
        ["AT+CMEE=3", ERROR],
        ["AT+CMEE=?", info("+CMEE: (0-2)")],
      ],
    ],
    [
      "flow control",
      [
        ["AT+IFC=2,2", OK],
        ["AT+IFC?", info("+IFC: 2,2")],
        ["AT+IFC=1,1", ERROR],
      ],
    ],
    [
      "rate",
      [
        ["AT+IPR?", info("+IPR: 115200")],
        ["AT+IPR=12345", ERROR],
        ["AT+IPR=9600", OK],
      ],
    ],
    [
      "sleep",
      [
        ["AT+QSCLK?", info("+QSCLK: 0")],
        ["AT+QSCLK=2", ERROR],
        ["AT+QSCLK=1", OK],
      ],
    ],
    [
      "where lines go",
      [
        ['AT+QURCCFG="urcport","usbat"', OK],
        ['AT+QURCCFG="urcport"', info('+QURCCFG: "urcport","usbat"')],
        ['AT+QURCCFG="urcport","moon"', ERROR],
        ['AT+QURCCFG="other"', ERROR],
      ],
    ],
    [
      "configuration",
      [
        ['AT+QCFG="urc/cache"', info('+QCFG: "urc/cache",0')],
        ['AT+QCFG="fota/cid",2', OK],
        ['AT+QCFG="fota/cid"', info('+QCFG: "fota/cid",2')],
        ['AT+QCFG="nosuch"', ERROR],
      ],
    ],
    [
      "functionality",
      [
        ["AT+CFUN?", info("+CFUN: 1")],
        ["AT+CFUN=2", ERROR],
        ["AT+CFUN=4", OK, 600],
        ["AT+CFUN?", info("+CFUN: 4")],
        ["AT+CSQ", info("+CSQ: 99,99")],
        ["AT+CFUN=0", `${OK}\r\n+CPIN: NOT READY\r\n`, 600],
        ["AT+CPIN?", cme(13)],
      ],
    ],
  ]);
});

describe("identity", () => {
  check(running, [
    [
      "maker",
      [
        ["AT+CGMI", info("Quectel")],
        ["AT+GMI", info("Quectel")],
      ],
    ],
    ["model", [["AT+CGMM", info("EC600N")]]],
    [
      "revision",
      [
        ["AT+CGMR", info("EC600NCNLCR03A11M16")],
        ["AT+GMR", info("EC600NCNLCR03A11M16")],
      ],
    ],
    ["sub-revision", [["AT+QGMR", info("EC600NCNLCR03A11M16_01.001.01.001")]]],
    [
      "IMEI",
      [
        ["AT+GSN", info("860000000000000")],
        ["AT+CGSN=?", OK],
        ["AT+CGSN=9", ERROR],
      ],
    ],
    ["IMSI", [["AT+CIMI", info("460000000000000")]]],
  ]);
  check(
    () => running({ sim: { state: "absent" } }),
    [
      [
        "without a card",
        [
          ["AT+CIMI", cme(10)],
          ["AT+QCCID", cme(10)],
          ["AT+CPIN?", cme(10)],
        ],
      ],
    ],
  );
  check(
    () => running({ family: "BG95" }),
    [
      [
        "BG95's spaces",
        [
          ["AT+QCCID", info("+QCCID:  89860000000000000000")],
          ["AT+CIMI", info(" 460000000000000")],
        ],
      ],
    ],
  );
  check(
    () => running({ family: "EC200U" }),
    [
      [
        "UNISOC's error for what it does not know",
        [
          ["AT+NOSUCH", cme(58)],
          ["AT+QMBNCFG", cme(58)],
        ],
      ],
    ],
  );
});

describe("SIM card", () => {
  const pin = () => running({ sim: { pin: "1234" } });
  check(pin, [
    [
      "right PIN",
      [
        ["AT+CPIN?", info("+CPIN: SIM PIN")],
        ["AT+CIMI", cme(11)],
      ],
    ],
    [
      "wrong PINs lead to PUK",
      [
        ['AT+CPIN="1111"', cme(16)],
        ['AT+CPIN="1111"', cme(16)],
        ["AT+QPINC?", info('+QPINC: "SC",1,10')],
        ['AT+CPIN="1111"', cme(16)],
        ["AT+CPIN?", info("+CPIN: SIM PUK")],
        ['AT+CPIN="1234"', cme(12)],
      ],
    ],
  ]);
  test("the right PIN, once, starts all that a card does", () => {
    const modem = pin();
    assert.equal(modem.ask("AT+QINISTAT"), info("+QINISTAT: 0"));
    assert.equal(modem.ask('AT+CPIN="1234"'), `${OK}\r\n+CPIN: READY\r\n`);
    const rest = "\r\n+QUSIM: 1\r\n\r\n+QIND: SMS DONE\r\n\r\n+QIND: PB DONE\r\n";
    assert.equal(modem.wait(6000), rest);
    assert.equal(modem.ask("AT+QINISTAT"), info("+QINISTAT: 7"));
    assert.equal(modem.ask('AT+CPIN="1234"'), cme(3));
    assert.equal(modem.ask("AT+CREG?"), info("+CREG: 0,1"));
  });
  for (const [state, code] of [
    ["failure", 13],
    ["busy", 14],
    ["wrong", 15],
  ] as const) {
    test(`card: ${state}`, () => {
      assert.equal(running({ sim: { state } }).ask("AT+CPIN?"), cme(code));
    });
  }
});

test("a command that comes while another runs is echoed and answered after it", () => {
  const modem = new Dialogue({ start: "ready" });
  modem.modem.receive("AT+QIACT=1\r");
  assert.equal(modem.send("AT+CSQ\rAT\r", 10), "AT+QIACT=1\r");
  assert.equal(modem.wait(1000), `${OK}AT+CSQ\r${info("+CSQ: 24,99")}AT\r${OK}`);
});
