/**
 * TLS sockets and their settings.
 * @module
 */
import type { Call } from "../call.ts";
import type { Job } from "../executor.ts";
import type { TlsSettings } from "../network/network.ts";
import { state } from "../sockets.ts";
import type { System, SystemHandler } from "../system.ts";
import { failWith } from "./packet-data.ts";
import { idOf, open, read, send } from "./transfer.ts";

const HIGHEST_CONTEXT = 5;

/** Settings with what they are before they are set, and what they may be. */
const settings: Record<string, { usual: string; form: RegExp }> = {
  sslversion: { usual: "4", form: /^[0-4]$/ },
  ciphersuite: { usual: "0XFFFF", form: /^0X[0-9A-F]{4}(:0X[0-9A-F]{4})*$/i },
  seclevel: { usual: "0", form: /^[0-2]$/ },
  cacert: { usual: '""', form: /^"[^"]*"$/ },
  clientcert: { usual: '""', form: /^"[^"]*"$/ },
  clientkey: { usual: '""', form: /^"[^"]*"$/ },
  sni: { usual: "0", form: /^[01]$/ },
  ignorelocaltime: { usual: "1", form: /^[01]$/ },
  negotiatetime: { usual: "300", form: /^([1-9]\d|[12]\d\d|300)$/ },
  session_cache: { usual: "0", form: /^[01]$/ },
  renegotiation: { usual: "0", form: /^[01]$/ },
  ignoremulticertchainverify: { usual: "0", form: /^[01]$/ },
  ignoreinvalidcertsign: { usual: "0", form: /^[01]$/ },
  alpn: { usual: '""', form: /^"[^"]*"$/ },
  closetimemode: { usual: "0", form: /^[01]$/ },
};

function configure(call: Call, job: Job, system: System): void {
  const key = call.text(0).toLowerCase();
  const setting = settings[key];
  const context = call.number(1, 0, HIGHEST_CONTEXT);
  if (!setting || context === undefined || call.form !== "set") {
    job.error();
    return;
  }
  if (call.count === 2) {
    job.line(`+QSSLCFG: "${key}",${context},${settingOf(system, key, context)}`);
    job.ok();
    return;
  }
  const value = call.args.slice(2).join(",");
  if (!setting.form.test(value)) {
    job.error();
    return;
  }
  system.settings.set(`QSSLCFG"${key}"${context}`, value);
  job.ok();
}

function settingOf(system: System, key: string, context: number): string {
  return system.settings.get(`QSSLCFG"${key}"${context}`) ?? settings[key]?.usual ?? "";
}

/** What an SSL context asks for; undefined: a file that it names is not there. */
export function tlsSettingsOf(
  system: System,
  context: number,
  host: string,
): TlsSettings | undefined {
  const value = (key: string) => settingOf(system, key, context).replaceAll('"', "");
  const file = (key: string) => system.kernel.nvram.files.read(value(key));
  const level = Number(value("seclevel"));
  const wanted: TlsSettings = { verify: level > 0, version: Number(value("sslversion")) };
  if (value("sni") === "1") wanted.serverName = host;
  if (value("ignorelocaltime") === "0") wanted.now = system.clock.shown;
  if (level > 0) {
    const ca = file("cacert");
    if (ca === undefined) return undefined;
    wanted.ca = ca;
  }
  if (level === 2) {
    const certificate = file("clientcert");
    const key = file("clientkey");
    if (certificate === undefined || key === undefined) return undefined;
    Object.assign(wanted, { certificate, key });
  }
  return wanted;
}

function openTls(call: Call, job: Job, system: System): void {
  const { kernel } = system;
  const context = call.number(0, 1, kernel.family.contexts);
  const sslContext = call.number(1, 0, HIGHEST_CONTEXT);
  const id = idOf(call, 2);
  const host = call.text(3);
  const port = call.number(4, 1, 65_535);
  const access = call.number(5, 0, 2, 0);
  if (
    context === undefined ||
    sslContext === undefined ||
    id === undefined ||
    host === "" ||
    port === undefined ||
    access === undefined
  ) {
    failWith(552, job, system);
    return;
  }
  const tls = tlsSettingsOf(system, sslContext, host);
  const settings = {
    id,
    context,
    type: "SSLClient",
    host,
    port,
    localPort: 0,
    access: access as 0 | 1 | 2,
    sslContext,
  };
  const shortest = kernel.timing.sslOpen;
  // A file that is not there is told like any trouble with certificates: no more than this.
  const opening = tls
    ? { settings, shortest, target: { host, port, tls } }
    : { settings, shortest, target: { host, port }, refusal: 566 };
  open(job, system, system.tls, opening);
}

function showState(job: Job, system: System): void {
  for (const socket of system.tls.all()) {
    const { id, host, port, context, sslContext } = socket.settings;
    const address = socket.connection?.address ?? host;
    job.line(
      `+QSSLSTATE: ${id},"SSLClient","${address}",${port},0,${socket.state},${context},${id},` +
        `${socket.access},"uart1",${sslContext}`,
    );
  }
  job.ok();
}

export const tlsCommands: Record<string, SystemHandler> = {
  "+QSSLCFG": configure,
  "+QSSLOPEN": openTls,
  "+QSSLSEND": (call, job, system) => send(call, job, system, system.tls),
  "+QSSLRECV": (call, job, system) => read(call, job, system, system.tls),
  "+QSSLCLOSE": (call, job, system) => {
    const id = idOf(call);
    if (id === undefined || call.number(1, 0, 65_535, 10) === undefined) {
      failWith(552, job, system);
      return;
    }
    const { kernel, tls } = system;
    const isOpen = tls.get(id)?.state === state.connected;
    tls.get(id)?.drop();
    kernel.after(isOpen && call.text(1) !== "0" ? kernel.timing.close : 0, () => {
      tls.close(id);
      job.ok();
    });
  },
  "+QSSLSTATE": (_, job, system) => showState(job, system),
};
