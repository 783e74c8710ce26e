/**
 * Files in UFS.
 * @module
 */
import type { Call } from "../call.ts";
import type { Job } from "../executor.ts";
import { checksum, plainName } from "../files.ts";
import type { System, SystemHandler } from "../system.ts";

const NO_SPACE = 403;
const NOT_FOUND = 405;
const EXISTS = 407;
const TIMEOUT = 421;

/** In acknowledged uploads, an `A` follows each such number of bytes. */
const ACKNOWLEDGED = 1024;

function upload(call: Call, job: Job, system: System): void {
  const { kernel } = system;
  const { files } = kernel.nvram;
  const name = plainName(call.text(0));
  const size = call.number(1, 1, 10_000_000, 10_240);
  const seconds = call.number(2, 1, 65_535, 5);
  const acknowledged = call.number(3, 0, 1, 0);
  if (name === "" || size === undefined || seconds === undefined || acknowledged === undefined) {
    job.cme(50);
    return;
  }
  const refused = kernel.hooks.value.ask("upload");
  if (typeof refused === "number") {
    job.cme(refused);
    return;
  }
  if (files.has(name)) {
    job.cme(EXISTS);
    return;
  }
  if (size > files.free) {
    job.cme(NO_SPACE);
    return;
  }
  let taken = 0;
  job.ask("\r\nCONNECT\r\n", {
    count: size,
    timeout: seconds * 1000,
    onPiece: (piece) => {
      const before = Math.floor(taken / ACKNOWLEDGED);
      taken += piece.length;
      const now = Math.floor(taken / ACKNOWLEDGED);
      if (acknowledged === 1) system.kernel.write("A".repeat(now - before));
    },
    onDone: (bytes) => {
      files.write(name, bytes);
      job.line(`+QFUPL: ${bytes.length},${checksum(bytes)}`);
      job.ok();
    },
    onEnd: (bytes) => {
      // What came is kept.
      files.write(name, bytes);
      job.line(`+QFUPL: ${bytes.length},${checksum(bytes)}`);
      job.cme(TIMEOUT);
    },
  });
}

function list(call: Call, job: Job, system: System): void {
  const { files } = system.kernel.nvram;
  const pattern = plainName(call.text(0) || "*");
  const wanted = files.names().filter((name) => pattern === "*" || name === pattern);
  if (wanted.length === 0 && pattern !== "*") {
    job.cme(NOT_FOUND);
    return;
  }
  for (const name of wanted) job.line(`+QFLST: "UFS:${name}",${files.read(name)?.length ?? 0}`);
  job.ok();
}

function open(call: Call, job: Job, system: System): void {
  const { files } = system.kernel.nvram;
  const name = plainName(call.text(0));
  const mode = call.number(1, 0, 2, 0);
  if (name === "" || mode === undefined) {
    job.cme(50);
    return;
  }
  if (!files.has(name) && mode === 2) {
    job.cme(NOT_FOUND);
    return;
  }
  if (!files.has(name) || mode === 1) files.write(name, "");
  let handle = 1;
  while (system.handles.has(handle)) handle++;
  system.handles.set(handle, { name, place: 0 });
  job.line(`+QFOPEN: ${handle}`);
  job.ok();
}

/** A command on an open file. */
function onFile(
  run: (call: Call, job: Job, system: System, file: { name: string; place: number }) => void,
): SystemHandler {
  return (call, job, system) => {
    const handle = call.number(0, 1, 1000);
    const file = handle === undefined ? undefined : system.handles.get(handle);
    if (file) run(call, job, system, file);
    else job.cme(NOT_FOUND);
  };
}

export const fileCommands: Record<string, SystemHandler> = {
  "+QFUPL": upload,
  "+QFLST": list,
  "+QFDEL": (call, job, system) => {
    const { files } = system.kernel.nvram;
    const name = call.text(0);
    if (name === "*") for (const each of files.names()) files.delete(each);
    else if (!files.delete(name)) {
      job.cme(NOT_FOUND);
      return;
    }
    job.ok();
  },
  "+QFLDS": (call, job, system) => {
    const { files } = system.kernel.nvram;
    if (call.count > 0 && call.text(0).toUpperCase() !== "UFS") {
      job.cme(50);
      return;
    }
    job.line(`+QFLDS: ${files.free},${files.size}`);
    job.ok();
  },
  "+QFOPEN": open,
  "+QFREAD": onFile((call, job, system, file) => {
    const content = system.kernel.nvram.files.read(file.name) ?? "";
    const most = call.number(1, 1, 10_000_000, content.length);
    if (most === undefined) {
      job.cme(50);
      return;
    }
    const bytes = content.slice(file.place, file.place + most);
    file.place += bytes.length;
    job.raw(`\r\nCONNECT ${bytes.length}\r\n${bytes}`);
    job.ok();
  }),
  "+QFSEEK": onFile((call, job, system, file) => {
    const offset = call.number(1, 0, 10_000_000);
    const from = call.number(2, 0, 2, 0);
    const size = system.kernel.nvram.files.read(file.name)?.length ?? 0;
    const base = from === 1 ? file.place : from === 2 ? size : 0;
    const place = base + (offset ?? 0);
    if (offset === undefined || from === undefined || place > size) {
      job.cme(50);
      return;
    }
    file.place = place;
    job.ok();
  }),
  "+QFPOSITION": onFile((_, job, __, file) => {
    job.line(`+QFPOSITION: ${file.place}`);
    job.ok();
  }),
  "+QFCLOSE": onFile((call, job, system) => {
    system.handles.delete(call.number(0, 1, 1000) ?? 0);
    job.ok();
  }),
};
