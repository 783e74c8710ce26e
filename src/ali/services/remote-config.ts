/**
 * Remote configuration: a JSON file of the product, on the platform, that all its devices follow
 * ("Remote configuration", `thing/config/…`).
 * @module
 */
import { describeError, logInfo, logWarn } from "../../debug/log.ts";
import { digestOf } from "../../digest/digest-of.ts";
import { HttpDownload } from "../../http/download.ts";
import { type DownloadFailure, type DownloadOwner, type Sink, TAKEN } from "../../http/sink.ts";
import { keepConfig, keptConfig } from "../../store/settings.ts";
import { parseJson, toJson } from "../../text/json.ts";
import type { AliIot } from "../aliiot.ts";
import {
  BAD_CONFIG,
  BAD_OFFER,
  CONFIG_DOWNLOAD_FAILED,
  CONFIG_REFUSED,
  CONFIG_TOO_LARGE,
} from "../codes.ts";
import { decode } from "../payload.ts";
import type { Port } from "../port.ts";
import type { Service } from "../service.ts";

const PART = "config";
const GET = "thing/config/get";
const PUSH = "thing/config/push";
/** The platform's own limit, bytes. */
const LARGEST = 65536;
const USUAL_LIMIT = 8192;
const OK = 200;
/** Above are the platform's words for "none" and "switched off". */
const LARGEST_OWN = 6000;

/** What came of a question or a push. */
export interface ConfigResult {
  /**
   * 200: the configuration is in force, newly or already. 6710: the product has none, 6713: it is
   * switched off, 460: the platform does not take the question; below 100 no reply (`ali/codes`,
   * `mqtt/error`), or 45 to 49 (`ali/codes`).
   */
  code: number;
  message: string;
}

/**
 * Takes a configuration into force: its JSON value and its id. Returning false, or throwing, refuses
 * it: the one before stays in force and in flash.
 */
export type ConfigListener = (config: any, id: string) => unknown;

/** A configuration on its way: the file's bytes, collected. */
class Fetch implements Sink, DownloadOwner {
  readonly size: number;
  position = 0;
  private readonly pieces: string[] = [];
  private readonly download: HttpDownload;

  constructor(
    readonly offer: any,
    private readonly owner: RemoteConfig,
  ) {
    this.size = offer.configSize;
    this.download = new HttpDownload(offer.url, this, this);
    this.download.start();
  }

  accept(bytes: string): number {
    this.pieces.push(bytes);
    this.position += bytes.length;
    return TAKEN;
  }

  downloaded(failure: DownloadFailure | null): void {
    this.owner.fetched(this, failure ? failure.text : "", this.pieces.join(""));
  }

  stop(): void {
    this.download.stop();
  }
}

/**
 * Follows the product's configuration: asks for it at each log-on, takes pushes, downloads the file
 * over HTTP or HTTPS, checks its digest and hands it to the listener. What is in force is kept in
 * flash, in the room that the settings leave there (some 3,000 bytes), for the next start; what is
 * larger is handed over all the same, and the flash still has the one before it.
 * @public
 */
export class RemoteConfig implements Service {
  private readonly port: Port;
  /** Id of the configuration in force; empty: none. */
  private id = "";
  private fetch: Fetch | undefined;
  private asking: Promise<ConfigResult> | undefined;
  private settle: ((result: ConfigResult) => void) | undefined;

  /**
   * @param listener takes each new configuration
   * @param maxBytes largest file, up to 65536; while it is taken, text and value are in memory
   */
  constructor(
    server: AliIot<any>,
    private readonly listener: ConfigListener,
    private readonly maxBytes = USUAL_LIMIT,
  ) {
    if (!(maxBytes > 0 && maxBytes <= LARGEST)) {
      throw new Error("RemoteConfig: a limit of 1 to " + LARGEST + " bytes expected");
    }
    const kept = this.kept();
    if (kept) this.id = kept.id;
    this.port = server.port;
    this.port.attach(this);
    this.port.subscribe(this.port.topics.sys + GET + "_reply");
    this.port.subscribe(this.port.topics.sys + PUSH);
  }

  /**
   * The configuration that the flash has, for a start without network: `{id, config}`. Read anew
   * each time; undefined when there is none.
   */
  kept(): { id: string; config: any } | undefined {
    const text = keptConfig();
    try {
      return text === undefined ? undefined : parseJson(text);
    } catch (_error) {
      return undefined;
    }
  }

  /** Asks for the configuration now. A second call joins the first. */
  get(): Promise<ConfigResult> {
    if (this.asking) return this.asking;
    this.asking = new Promise((resolve) => {
      this.settle = resolve;
    });
    const asking = this.asking;
    this.port.call(GET, { configScope: "product", getType: "file" }).then((reply) => {
      if (reply.code !== OK) this.end(reply.code, reply.message);
      else this.take(reply.data);
    });
    return asking;
  }

  /** @internal */
  accept(topic: string, payload: string): boolean {
    if (topic !== this.port.topics.sys + PUSH) return false;
    const request = decode(payload);
    const offer = request && request.params;
    const fault = faultOf(offer);
    const code = fault ? 460 : OK;
    this.port.exchange.answer(
      topic + "_reply",
      request && request.id,
      code,
      {},
      fault || "success",
    );
    if (!fault) this.take(offer);
    return true;
  }

  /** @internal */
  online(): void {
    // What was pushed meanwhile is not pushed again.
    this.get();
  }

  /** @internal */
  fetched(fetch: Fetch, failure: string, text: string): void {
    if (fetch !== this.fetch) return;
    if (failure) {
      this.end(CONFIG_DOWNLOAD_FAILED, failure);
      return;
    }
    const { offer } = fetch;
    digestOf(text, offer.signMethod, (digest) => {
      if (fetch === this.fetch) this.check(offer, digest, text);
    });
  }

  /** Downloads what is offered, in place of what is being downloaded. */
  private take(offer: any): void {
    const fault = faultOf(offer);
    if (fault) this.end(BAD_OFFER, fault);
    else if (offer.configSize > this.maxBytes) {
      this.end(
        CONFIG_TOO_LARGE,
        offer.configSize + " bytes, at most " + this.maxBytes + " are taken",
      );
    } else if (this.fetch && this.fetch.offer.configId === offer.configId) return;
    else if (offer.configId === this.id) this.end(OK, "in force already");
    else {
      if (this.fetch) this.fetch.stop();
      this.fetch = new Fetch(offer, this);
    }
  }

  private check(offer: any, digest: string, text: string): void {
    if (digest !== offer.sign.toLowerCase()) {
      this.end(BAD_CONFIG, "the digest is not the announced one");
      return;
    }
    let config: any;
    try {
      config = parseJson(text);
    } catch (error) {
      this.end(BAD_CONFIG, (error as Error).message);
      return;
    }
    let refusal = "the application refuses it";
    try {
      if (this.listener(config, offer.configId) !== false) refusal = "";
    } catch (error) {
      refusal = "the listener failed: " + describeError(error);
    }
    if (refusal) {
      this.end(CONFIG_REFUSED, refusal);
      return;
    }
    this.id = offer.configId;
    const record = '{"id":' + toJson(this.id) + ',"config":' + text + "}";
    if (!keepConfig(record)) logWarn(PART, "in force, but not kept: " + text.length + " bytes");
    this.end(OK, "success");
  }

  private end(code: number, message: string): void {
    const settle = this.settle;
    if (this.fetch) this.fetch.stop();
    this.fetch = this.asking = this.settle = undefined;
    // Also that there is none is no fault.
    (code === OK || code > LARGEST_OWN ? logInfo : logWarn)(PART, code + " " + message);
    if (settle) settle({ code: code, message: message });
  }
}

/** What is wrong with an offer, if anything. */
function faultOf(offer: any): string {
  if (!offer || typeof offer.configId !== "string") return "configId is missing";
  if (!(offer.configSize > 0)) return "configSize is " + offer.configSize + ": bytes are expected";
  if (typeof offer.url !== "string") return "url is missing";
  const method = ("" + offer.signMethod).toUpperCase();
  if (method !== "MD5" && method !== "SHA256") {
    return "signMethod is " + offer.signMethod + ": Sha256 or Md5 is expected";
  }
  return typeof offer.sign === "string" ? "" : "sign is missing";
}
