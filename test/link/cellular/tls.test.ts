import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import type { ModemOptions } from "../../../host/modem/index.ts";
import { checksum } from "../../../src/link/cellular/tls.ts";
import type { CellularSettings } from "../../../src/link/link.ts";
import { Client, type Simulation, simulate } from "./simulated.ts";

const PEM = `-----BEGIN CERTIFICATE-----\n${"Q0FGRQ==\n".repeat(150)}-----END CERTIFICATE-----\n`;
const NO_ROUTE = -4;
const NO_TLS = -13;

/** A simulated module, `ca.pem` in Storage, and a server that echoes over TLS. */
function secured(
  context: TestContext,
  options: Omit<Partial<ModemOptions>, "faults"> & {
    pem?: string;
    /** Further files of Storage. */
    files?: Record<string, string>;
    to?: number;
    faults?: string[];
  } = {},
  settings: CellularSettings = {},
): Simulation {
  const { pem = PEM, files = {}, to, faults = [], ...more } = options;
  const require = (globalThis as { require?: unknown }).require;
  Object.assign(globalThis, {
    require: (name: string) => {
      assert.equal(name, "Storage");
      return { read: (file: string) => (file === "ca.pem" && pem ? pem : files[file]) };
    },
  });
  context.after(() => Object.assign(globalThis, { require }));
  const simulation = simulate(context, more, settings);
  for (const fault of faults) simulation.modem.inject(fault);
  const certificate = { ca: PEM, names: ["secure.example"], ...(to === undefined ? {} : { to }) };
  simulation.network.listen(
    "secure.example",
    8883,
    (peer) => ({ onData: (bytes) => peer.send(bytes.toUpperCase()) }),
    certificate,
  );
  simulation.until(() => simulation.link.isUp);
  return simulation;
}

const connect = (simulation: Simulation) => {
  const client = new Client(simulation, "secure.example", 8883, { modemTls: true });
  simulation.until(() => client.isOpen || client.isClosed, 400);
  return client;
};

const count = ({ trace }: Simulation, text: string) =>
  trace.filter((line) => line.includes(` > `) && line.includes(text)).length;

test("the checksum of an upload", () => {
  assert.equal(checksum(""), 0);
  assert.equal(checksum("ab"), 0x6162);
  assert.equal(checksum("abcd"), 0x0206);
  assert.equal(checksum("abc\xff\x01"), 0x6162 ^ 0x63ff ^ 0x0100);
});

test("a verified connection, its certificate uploaded once for all starts of the modem", (context) => {
  const simulation = secured(context);
  const client = connect(simulation);
  assert.ok(client.isOpen, `${client.code}`);
  client.write("hello");
  simulation.until(() => client.received === "HELLO");
  for (const setting of ['seclevel\\",1,1', 'sni\\",1,1', 'ignorelocaltime\\",1,0', "1,0XFFFF"]) {
    assert.equal(count(simulation, setting), 1, setting);
  }
  assert.equal(count(simulation, "AT+QFUPL"), 1);
  assert.ok(connect(simulation).isOpen);
  assert.equal(count(simulation, "seclevel"), 1);
  simulation.modem.restart();
  simulation.until(() => !simulation.link.isUp);
  simulation.until(() => simulation.link.isUp);
  simulation.trace.length = 0;
  assert.ok(connect(simulation).isOpen);
  assert.equal(count(simulation, "seclevel"), 1);
  assert.equal(count(simulation, "AT+QFUPL"), 0);
});

const OWN = { "cert.pem": PEM.replace("Q0FG", "Q0VS"), "key.pem": PEM.replace("Q0FG", "S0VZ") };

test("a certificate of the device's own is shown, its files uploaded once as well", (context) => {
  const simulation = secured(context, { files: OWN });
  assert.ok(connect(simulation).isOpen);
  assert.equal(count(simulation, "AT+QFUPL"), 3);
  for (const setting of [
    'clientcert\\",1,\\"UFS:cert',
    'clientkey\\",1,\\"UFS:key',
    'seclevel\\",1,2',
  ]) {
    assert.equal(count(simulation, setting), 1, setting);
  }
  simulation.modem.restart();
  simulation.until(() => !simulation.link.isUp);
  simulation.until(() => simulation.link.isUp);
  simulation.trace.length = 0;
  assert.ok(connect(simulation).isOpen);
  assert.equal(count(simulation, "AT+QFUPL"), 0);
});

test("a certificate without its key is not shown", (context) => {
  const simulation = secured(context, { files: { "cert.pem": OWN["cert.pem"] } });
  assert.ok(connect(simulation).isOpen);
  assert.equal(count(simulation, 'seclevel\\",1,1'), 1);
  assert.equal(count(simulation, "AT+QFUPL"), 1);
});

test("F25: a socket that the modem kept over a restart of the board gives way", (context) => {
  const simulation = secured(context);
  assert.ok(connect(simulation).isOpen);
  simulation.link.down();
  simulation.link.up({ cellular: {} });
  simulation.until(() => simulation.link.isUp);
  simulation.trace.length = 0;
  assert.ok(connect(simulation).isOpen);
  assert.equal(count(simulation, "QSSLCLOSE"), 1);
});

test("a server by another authority is refused", (context) => {
  const simulation = secured(context, { pem: PEM.replace("Q0FG", "Q0FH") });
  assert.equal(connect(simulation).code, NO_ROUTE);
});

test("F37: a certificate that has expired is refused", (context) => {
  const simulation = secured(context, { to: Date.UTC(2020, 0, 1) });
  assert.equal(connect(simulation).code, NO_ROUTE);
});

test("without ca.pem nothing is sent, verified or not", (context) => {
  const simulation = secured(context, { pem: "" });
  assert.equal(connect(simulation).code, NO_TLS);
  assert.equal(count(simulation, "QSSLOPEN"), 0);
});

test("without a clock certificates can't be judged", (context) => {
  const simulation = secured(context, { nitz: false, faults: ["F41.565", "F41.550"] });
  simulation.run(5);
  assert.equal(connect(simulation).code, NO_TLS);
  assert.equal(count(simulation, "QSSLOPEN"), 0);
  // The next one asks again.
  assert.ok(connect(simulation).isOpen);
});

test("not verified only when the settings say so", (context) => {
  const simulation = secured(context, { pem: "" }, { tls: "unverified" });
  assert.ok(connect(simulation).isOpen);
  assert.equal(count(simulation, 'seclevel\\",1,0'), 1);
});

for (const fault of ["F37.exists", "F37.short"]) {
  test(`${fault}: an upload that fails is repeated`, (context) => {
    const simulation = secured(context);
    simulation.modem.inject(fault);
    const client = connect(simulation);
    assert.ok(client.isOpen, `${client.code}`);
    assert.equal(count(simulation, "AT+QFUPL"), 2);
  });
}
