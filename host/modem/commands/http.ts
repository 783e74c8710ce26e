/**
 * HTTP by the module.
 * @module
 */
import type { Call } from "../call.ts";
import type { Job } from "../executor.ts";
import { type HttpRequest, type HttpResult, httpGet } from "../http-client.ts";
import type { System, SystemHandler } from "../system.ts";
import { tlsSettingsOf } from "./tls.ts";

const BUSY = 703;

const known = new Set([
  "contextid",
  "sslctxid",
  "requestheader",
  "responseheader",
  "reqheader/add",
  "rspout/auto",
  "closed/ind",
  "contenttype",
]);

function configure(call: Call, job: Job, system: System): void {
  const key = call.text(0).toLowerCase();
  if (!known.has(key)) {
    job.cme(730);
    return;
  }
  const { configuration } = system.http;
  if (call.count === 1) job.line(`+QHTTPCFG: "${key}",${configuration.get(key) ?? 0}`);
  else configuration.set(key, call.args.slice(1).join(","));
  job.ok();
}

function setUrl(call: Call, job: Job, system: System): void {
  if (call.form === "test") {
    job.line("+QHTTPURL: (1-700),(1-65535)");
    job.ok();
    return;
  }
  const count = call.number(0, 1, 700);
  const seconds = call.number(1, 1, 65_535, 60);
  if (count === undefined || seconds === undefined) {
    job.cme(730);
    return;
  }
  job.ask("\r\nCONNECT\r\n", {
    count,
    timeout: seconds * 1000,
    onDone: (url) => {
      system.http.url = url;
      if (/^https?:\/\//i.test(url)) job.ok();
      else job.cme(711);
    },
    onEnd: () => job.cme(726),
  });
}

function get(call: Call, job: Job, system: System): void {
  const request = requestOf(call, system);
  if (typeof request === "number") {
    job.cme(request);
    return;
  }
  const { http, kernel } = system;
  http.isBusy = true;
  http.body = undefined;
  const begin = kernel.clock.now();
  const tell = (result: HttpResult) => {
    const left = Math.max(0, begin + kernel.timing.http - kernel.clock.now());
    kernel.after(left, () => {
      http.isBusy = false;
      if (result.error !== 0) {
        kernel.urc(`+QHTTPGET: ${result.error}`);
        return;
      }
      http.body = result.body;
      http.headers = result.headers;
      kernel.urc(`+QHTTPGET: 0,${result.code}${result.length < 0 ? "" : `,${result.length}`}`);
    });
  };
  job.ok(() => {
    if (system.pdp.works(contextOf(system))) httpGet(kernel, request, tell);
    else kernel.after(NO_BEARER, () => tell({ ...noResult, error: 716 }));
  });
}

/** After how long a request fails whose context has no bearer, ms. */
const NO_BEARER = 30_000;

const contextOf = ({ http }: System) => Number(http.configuration.get("contextid") ?? 1);

/** What AT+QHTTPGET and AT+QHTTPGETEX ask for, or the number of what is wrong with it. */
function requestOf(call: Call, system: System): HttpRequest | number {
  const { http } = system;
  const seconds = call.number(0, 1, 65_535, 60);
  if (seconds === undefined) return 730;
  if (http.url === "") return 712;
  if (http.isBusy) return BUSY;
  if (!system.pdp.isActive(contextOf(system))) return 709;
  const request: HttpRequest = { url: http.url, timeout: seconds * 1000 };
  const extra = http.configuration.get("reqheader/add");
  if (extra !== undefined) request.headers = [extra.replaceAll('"', "").replace(",", ": ")];
  if (call.name === "+QHTTPGETEX") {
    const first = call.number(1, 0, 1_000_000_000);
    const length = call.number(2, 1, 1_000_000_000);
    if (first === undefined || length === undefined) return 730;
    request.range = [first, first + length - 1];
  }
  const tls = tlsSettingsOf(system, Number(http.configuration.get("sslctxid") ?? 1), "");
  if (tls) request.tls = tls;
  return request;
}

const noResult: HttpResult = { error: 0, code: 0, length: -1, headers: "", body: "" };

/** What AT+QHTTPREAD gives out. */
function content({ http }: System): string | undefined {
  if (http.body === undefined) return undefined;
  const withHeaders = http.configuration.get("responseheader") === "1";
  return withHeaders ? `${http.headers}\r\n${http.body}` : http.body;
}

export const httpCommands: Record<string, SystemHandler> = {
  "+QHTTPCFG": configure,
  "+QHTTPURL": setUrl,
  "+QHTTPGET": get,
  "+QHTTPGETEX": get,
  "+QHTTPREAD": (_, job, system) => {
    const bytes = content(system);
    if (bytes === undefined) {
      job.cme(705);
      return;
    }
    job.raw(`\r\nCONNECT\r\n${bytes}`);
    job.ok(() => system.kernel.urc("+QHTTPREAD: 0"));
  },
  "+QHTTPREADFILE": (call, job, system) => {
    const bytes = content(system);
    const { files } = system.kernel.nvram;
    const name = call.text(0);
    if (bytes === undefined || name === "") {
      job.cme(bytes === undefined ? 705 : 730);
      return;
    }
    job.ok(() => {
      const isStored = bytes.length <= files.free;
      if (isStored) files.write(name, bytes);
      system.kernel.urc(`+QHTTPREADFILE: ${isStored ? 0 : 729}`);
    });
  },
  "+QHTTPSTOP": (_, job, system) => {
    system.http.isBusy = false;
    job.ok();
  },
};
