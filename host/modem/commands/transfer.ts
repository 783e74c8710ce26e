/**
 * What plain and TLS sockets have in common: opening, sending, reading.
 * @module
 */
import type { Call } from "../call.ts";
import type { Job } from "../executor.ts";
import type { ConnectTarget } from "../network/network.ts";
import {
  LARGEST_READ,
  type ModemSocket,
  type SocketSettings,
  type SocketTable,
  state,
} from "../sockets.ts";
import type { System } from "../system.ts";
import { failWith } from "./packet-data.ts";

export const LARGEST_SEND = 1460;

const HIGHEST_ID = 11;

export const idOf = (call: Call, place = 0) => call.number(place, 0, HIGHEST_ID);

export interface Opening {
  settings: SocketSettings;
  target: ConnectTarget;
  /** Shortest time to the result, ms. */
  shortest: number;
  /** The result, when it is clear without trying. */
  refusal?: number;
}

/** Answers OK, connects, and tells the result; in transparent mode the result is the answer. */
export function open(job: Job, system: System, table: SocketTable, opening: Opening): void {
  const { kernel, pdp } = system;
  const { settings, target, shortest, refusal = pdp.isDegraded ? 552 : 0 } = opening;
  const { id, context, access } = settings;
  const { name } = job.call;
  if (!pdp.isActive(context) && !pdp.isDegraded) {
    failWith(561, job, system);
    return;
  }
  system.lastError = 0;
  const tell = (error: number) => {
    system.lastError = error;
    kernel.urc(`${name}: ${id},${error}`);
  };
  if (table.get(id)) {
    job.ok(() => kernel.after(0, () => tell(563)));
    return;
  }
  const begin = kernel.clock.now();
  const connect = (done: (error: number, socket: ModemSocket) => void) => {
    const socket = table.create(settings);
    const finish = (error: number) => {
      const left = Math.max(0, begin + shortest - kernel.clock.now());
      kernel.after(left, () => {
        if (table.get(id) !== socket) return;
        const given = kernel.hooks.open.ask(name, id);
        if (given === "never") return;
        if (given !== undefined && given !== 0) socket.drop();
        done(given ?? (pdp.isActive(context) || error !== 0 ? error : 570), socket);
      });
    };
    if (refusal !== 0) {
      socket.drop();
      finish(refusal);
    } else if (!pdp.works(context)) {
      socket.drop();
      kernel.after(kernel.timing.open, () => finish(559));
    } else socket.open(target, finish);
  };
  if (access === 2) {
    connect((error, socket) => {
      if (error !== 0) {
        table.close(id);
        failWith(error, job, system);
        return;
      }
      job.result("CONNECT", () => enterTransparent(system, socket));
    });
    return;
  }
  job.ok(() =>
    connect((error, socket) => {
      tell(error);
      if (error === 0) socket.begin();
    }),
  );
}

/** The whole port becomes the socket. */
export function enterTransparent(system: System, socket: ModemSocket): void {
  system.input.startTransparent(
    (bytes) => socket.send(bytes),
    () => {
      socket.access = 0;
      system.kernel.write("\r\nOK\r\n");
    },
  );
  socket.access = 2;
  socket.begin();
}

/** AT+QISEND, AT+QSSLSEND. */
export function send(call: Call, job: Job, system: System, table: SocketTable): void {
  const { kernel, pdp } = system;
  if (call.form === "test") {
    const isTls = call.name === "+QSSLSEND";
    job.line(`${call.name}: (0-11)${isTls ? "[,(1-1460)]" : ",(0-1460)"}`);
    job.ok();
    return;
  }
  const id = idOf(call);
  const count = call.number(1, 0, LARGEST_SEND);
  if (id === undefined || (call.has(1) && count === undefined)) {
    failWith(552, job, system);
    return;
  }
  const socket = table.get(id);
  if (count === 0 && socket) {
    const { sentBytes, unacknowledged } = socket;
    job.line(`${call.name}: ${sentBytes},${sentBytes - unacknowledged},${unacknowledged}`);
    job.ok();
    return;
  }
  if (socket?.state !== state.connected) {
    failWith(socket ? 567 : 550, job, system);
    return;
  }
  system.lastError = 0;
  const prompt = kernel.hooks.value.ask("prompt") ?? promptOf(system);
  job.ask(String(prompt), {
    count,
    timeout: system.dataTimeout,
    onDone: (bytes) =>
      kernel.after(kernel.timing.sendOk, () => {
        if (table.get(id) !== socket || socket.state !== state.connected) {
          failWith(pdp.isActive(socket.settings.context) ? 567 : 570, job, system);
          return;
        }
        const fate = kernel.hooks.send.ask(id);
        if (fate === "refused") job.error();
        else if (fate === "lost") job.silent();
        else {
          const isTaken = fate !== "full" && forward(socket, bytes, system);
          job.result(isTaken ? "SEND OK" : "SEND FAIL");
        }
      }),
    onEnd: (_, cause) => {
      system.lastError = 571;
      if (cause === "escape") job.ok();
      else job.error();
    },
  });
}

function promptOf(system: System): string {
  const isFormatted = system.settings.get('QICFG"formatcfg"') === "1";
  return isFormatted ? "\r\n>\r\n" : system.kernel.family.prompt;
}

function forward(socket: ModemSocket, bytes: string, system: System): boolean {
  const isHex = system.settings.get('QICFG"dataformat"')?.startsWith("1") ?? false;
  return socket.send(isHex ? Buffer.from(bytes, "hex").toString("latin1") : bytes);
}

/** AT+QIRD, AT+QSSLRECV. */
export function read(call: Call, job: Job, system: System, table: SocketTable): void {
  const { family } = system.kernel;
  const isTls = call.name === "+QSSLRECV";
  if (call.form === "test") {
    job.line(`${call.name}: (0-11),(${isTls ? 1 : 0}-${LARGEST_READ})`);
    job.ok();
    return;
  }
  const id = idOf(call);
  const most = call.number(1, 0, LARGEST_READ, LARGEST_READ);
  const socket = id === undefined ? undefined : table.get(id);
  if (id === undefined || most === undefined || !socket || socket.access !== 0) {
    failWith(552, job, system);
    return;
  }
  system.lastError = 0;
  if (most === 0) {
    if (isTls && !family.sslCounters) {
      job.error();
      return;
    }
    job.line(`${call.name}: ${socket.received},${socket.read},${socket.unread}`);
    job.ok();
    return;
  }
  const bytes = socket.pull(most);
  if (bytes === "") {
    job.line(`${call.name}: 0`);
    job.ok();
    return;
  }
  const isHex = system.settings.get('QICFG"dataformat"')?.endsWith("1") ?? false;
  const shown = isHex ? Buffer.from(bytes, "latin1").toString("hex").toUpperCase() : bytes;
  const inLine = system.settings.get('QICFG"viewmode"') === "1";
  const separator = inLine ? "," : "\r\n";
  job.raw(`\r\n${call.name}: ${bytes.length}${separator}${shown}${family.dataTail}`);
  job.ok();
}
