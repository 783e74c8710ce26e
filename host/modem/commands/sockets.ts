/**
 * Plain sockets: TCP and UDP clients.
 * @module
 */
import type { Call } from "../call.ts";
import type { Job } from "../executor.ts";
import { type ModemSocket, SOCKETS } from "../sockets.ts";
import type { System, SystemHandler } from "../system.ts";
import { tcpErrorText } from "../tcp-errors.ts";
import { failWith } from "./packet-data.ts";
import { configureSockets } from "./socket-settings.ts";
import { enterTransparent, idOf, open, read, send } from "./transfer.ts";

/** Where the module's own ports begin. */
const OWN_PORTS = 22_742;

function openSocket(call: Call, job: Job, system: System): void {
  const { family } = system.kernel;
  if (call.form === "test") {
    job.line(
      `+QIOPEN: (1-${family.contexts}),(0-11),"TCP/UDP/TCP LISTENER/UDP SERVICE",` +
        '"<IP_address>/<domain_name>",<remote_port>,<local_port>,(0-2)',
    );
    job.ok();
    return;
  }
  const context = call.number(0, 1, family.contexts);
  const id = idOf(call, 1);
  const type = call.text(2).toUpperCase();
  const host = call.text(3);
  const port = call.number(4, 1, 65_535);
  const localPort = call.number(5, 0, 65_535, 0);
  const access = call.number(6, 0, 2, 0);
  const tooMany = call.count > (family.connectTimeout ? 9 : 7);
  if (
    context === undefined ||
    id === undefined ||
    host === "" ||
    port === undefined ||
    localPort === undefined ||
    access === undefined ||
    tooMany
  ) {
    failWith(552, job, system);
    return;
  }
  if (type !== "TCP" && type !== "UDP") {
    failWith(/^(TCP LISTENER|UDP SERVICE)$/.test(type) ? 555 : 552, job, system);
    return;
  }
  const settings = {
    id,
    context,
    type,
    host,
    port,
    localPort: localPort || OWN_PORTS + id,
    access: access as 0 | 1 | 2,
  };
  const target = { host, port, ...(type === "UDP" ? { udp: true } : {}) };
  open(job, system, system.sockets, { settings, target, shortest: system.kernel.timing.open });
}

function closeSocket(call: Call, job: Job, system: System): void {
  const { kernel, sockets } = system;
  if (call.form === "test") {
    job.line("+QICLOSE: (0-11),(0-65535)");
    job.ok();
    return;
  }
  const id = idOf(call);
  const seconds = call.number(1, 0, 65_535, 10);
  if (id === undefined || seconds === undefined) {
    failWith(552, job, system);
    return;
  }
  system.lastError = 0;
  const wasConnected = sockets.get(id)?.connection !== undefined;
  const ms = seconds === 0 || !wasConnected ? 0 : Math.min(seconds * 1000, kernel.timing.close);
  sockets.get(id)?.drop();
  const isLate = system.settings.get('QICFG"close/mode"') === "1";
  kernel.after(ms, () => {
    sockets.close(id);
    job.ok(() => {
      if (isLate && wasConnected) kernel.urc(`+QIURC: "closed",${id}`);
    });
  });
}

function rowOf(socket: ModemSocket, connected: number): string {
  const { settings, connection, access } = socket;
  const { id, type, host, port, localPort, context } = settings;
  const address = connection?.address ?? host;
  const state = socket.state === 2 ? connected : socket.state;
  const ports = `${port},${localPort},${state},${context},${id},${access}`;
  return `+QISTATE: ${id},"${type}","${address}",${ports},"uart1"`;
}

function showState(call: Call, job: Job, system: System): void {
  let rows = system.sockets.all();
  if (call.form === "set") {
    const kind = call.number(0, 0, 1);
    const which = call.number(1, 0, 16);
    if (kind === undefined || which === undefined || (kind === 1 && which >= SOCKETS)) {
      failWith(552, job, system);
      return;
    }
    rows = rows.filter(({ settings }) => which === (kind === 1 ? settings.id : settings.context));
  }
  if (call.form !== "test") {
    const { connectedState } = system.kernel.family;
    for (const socket of rows) job.line(rowOf(socket, connectedState));
  }
  job.ok();
}

function sendHex(call: Call, job: Job, system: System): void {
  const id = idOf(call);
  const hex = call.text(1);
  const socket = id === undefined ? undefined : system.sockets.get(id);
  if (socket?.state !== 2) {
    failWith(socket ? 567 : 550, job, system);
    return;
  }
  if (hex === "" || hex.length > 512 || hex.length % 2 === 1 || !/^[0-9a-f]+$/i.test(hex)) {
    failWith(552, job, system);
    return;
  }
  const isTaken = socket.send(Buffer.from(hex, "hex").toString("latin1"));
  const { kernel } = system;
  kernel.after(kernel.timing.sendOk, () => job.result(isTaken ? "SEND OK" : "SEND FAIL"));
}

function switchMode(call: Call, job: Job, system: System): void {
  const id = idOf(call);
  const mode = call.number(1, 0, 2);
  const socket = id === undefined ? undefined : system.sockets.get(id);
  if (mode === undefined || socket?.state !== 2) {
    failWith(552, job, system);
    return;
  }
  if (mode === 2) job.result("CONNECT", () => enterTransparent(system, socket));
  else job.ok(() => socket.switchTo(mode as 0 | 1));
}

export const socketCommands: Record<string, SystemHandler> = {
  "+QIOPEN": openSocket,
  "+QICLOSE": closeSocket,
  "+QISTATE": showState,
  "+QISEND": (call, job, system) => send(call, job, system, system.sockets),
  "+QISENDEX": sendHex,
  "+QIRD": (call, job, system) => read(call, job, system, system.sockets),
  "+QISWTMD": switchMode,
  "+QISDE": (call, job, system) => {
    const mode = call.number(0, 0, 1);
    if (call.form === "read") job.line(`+QISDE: ${system.echoesData ? 1 : 0}`);
    if (call.form === "set") {
      if (mode === undefined) {
        job.error();
        return;
      }
      system.echoesData = mode === 1;
    }
    job.ok();
  },
  "+QICFG": configureSockets,
  "+QIGETERROR": (_, job, system) => {
    job.line(`+QIGETERROR: ${system.lastError},${tcpErrorText(system.lastError)}`);
    job.ok();
  },
  O: (_, job, system) => {
    const socket = system.sockets.all().find(({ state }) => state === 2);
    if (socket) job.result("CONNECT", () => enterTransparent(system, socket));
    else job.result("NO CARRIER");
  },
};
