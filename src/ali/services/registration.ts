/**
 * Dynamic registration ("one product, one secret"): with `productSecret` and no `deviceSecret` in the
 * settings, `connect()` first has the platform give the device a secret of its own, over MQTT
 * (`/ext/register`), over HTTPS (`/auth/register/device`) or, for a device that is not pre-registered,
 * client id and token over MQTT (`/ext/regnwl`). They are kept beside the settings and used from then
 * on. To be imported for its effect:
 *
 *     import "../src/ali/services/registration.ts";
 * @module
 */
import { device } from "#board";
import { logInfo, logWarn } from "../../debug/log.ts";
import { hmac } from "../../digest/hmac.ts";
import { dial } from "../../link/connection.ts";
import { link } from "../../link/index.ts";
import { Backoff, DEFAULT_BACKOFF } from "../../mqtt/backoff.ts";
import { MqttClient } from "../../mqtt/client.ts";
import { DIAL_FAILED, REFUSED_UNAUTHORIZED } from "../../mqtt/error.ts";
import type { Credentials } from "../../mqtt/options.ts";
import { toHex } from "../../text/hex.ts";
import { parseJson } from "../../text/json.ts";
import { REPLY_TIMEOUT } from "../codes.ts";
import { type AliConfig, endpoint } from "../config.ts";
import { ways } from "../entrance.ts";
import { authAddress, FormRequest } from "../form.ts";
import { credentialsOf, forget, given, idOf, type Kept, keep, kept } from "./kept-access.ts";

const PART = "register";
/** How long the platform has for what it gives, from CONNACK on, ms. */
const PATIENCE_MS = 30000;
/** The random number of a registration is below this. */
const RANDOM = 2147483647;

type Done = (given: Credentials) => void;
type Failed = (code: number, text: string) => void;

/** Signature of a registration, and the number that it holds. */
function sign(config: AliConfig, method: NonNullable<AliConfig["signMethod"]>, random: string) {
  const content =
    "deviceName" + config.deviceName + "productKey" + config.productKey + "random" + random;
  return toHex(hmac(method, config.productSecret as string, content));
}

/** Why the platform does not register, for people. */
function explain(code: number, text: string): string {
  const what = "the platform does not register the device: " + code + " " + text;
  if (code === 6288) return what + ": switch dynamic registration on for the product";
  if (code === 6289) return what + ": reset the device there, for its secret is lost";
  if (code === 6600) return what + ': is "productSecret" right?';
  return what;
}

/** One device's registration, until it has what it needs. */
class Registering {
  private client: MqttClient | undefined;
  private question: FormRequest | undefined;
  private timer = 0;
  private readonly backoff = new Backoff(DEFAULT_BACKOFF);

  constructor(
    private readonly config: AliConfig,
    private readonly done: Done,
    private readonly failed: Failed,
  ) {}

  start(): void {
    this.timer = 0;
    if (this.config.registration === "https") this.ask();
    else this.logOn();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = 0;
    if (this.question) this.question.stop();
    this.question = undefined;
    const client = this.client;
    this.client = undefined;
    if (client) client.stop(() => {});
  }

  linkChanged(up: boolean): void {
    if (this.client) this.client.linkChanged(up);
    else if (up && !this.question) {
      if (this.timer) clearTimeout(this.timer);
      this.start();
    }
  }

  private ask(): void {
    if (!link.isUp) return;
    const config = this.config;
    const method = config.signMethod || "hmacsha256";
    const random = "" + Math.floor(Math.random() * RANDOM);
    const form =
      "productKey=" +
      config.productKey +
      "&deviceName=" +
      config.deviceName +
      "&random=" +
      random +
      "&sign=" +
      sign(config, method, random) +
      "&signMethod=" +
      method;
    this.question = new FormRequest(
      authAddress(hostOf(config)),
      "/auth/register/device",
      form,
      (code, answer, text) => {
        this.question = undefined;
        const record = code === 200 ? given(config, answer.data) : undefined;
        if (record) {
          this.end(record);
          return;
        }
        // What the platform says stays so for a while; a network may be back soon.
        const kind = code < 100 ? DIAL_FAILED : REFUSED_UNAUTHORIZED;
        this.timer = setTimeout(() => this.start(), this.backoff.afterFailure(kind, Math.random()));
        this.failed(code, code < 100 ? text : explain(code, text));
      },
    );
  }

  private logOn(): void {
    const config = this.config;
    const isFree = config.registration === "regnwl";
    // Alibaba demands TLS; on a port of one's own the settings say what it is.
    const tls = config.tls === undefined ? device.tls && !hasPort(config) : config.tls;
    if (!tls) logWarn(PART, "without TLS, which only a local platform takes");
    const at = endpoint(Object.assign({}, config, { tls: tls }) as AliConfig);
    const method = config.signMethod || "hmacsha256";
    const random = "" + Math.floor(Math.random() * RANDOM);
    const mode = tls ? (isFree ? "-2" : "2") : "3";
    const instance = instanceOf(at.host);
    const client = new MqttClient(
      {
        dial: () => dial(tls, at),
        credentials: () => ({
          clientId:
            config.deviceName +
            "." +
            config.productKey +
            "|securemode=" +
            mode +
            ",authType=" +
            (isFree ? "regnwl" : "register") +
            ",random=" +
            random +
            ",signmethod=" +
            method +
            (instance && ",instanceId=" + instance) +
            "|",
          username: idOf(config),
          password: sign(config, method, random),
        }),
        keepalive: 60,
        cleanSession: true,
      },
      {
        onMessage: (_topic, payload) => this.receive(payload),
        onOnline: () => {
          this.timer = setTimeout(() => this.silent(), PATIENCE_MS);
        },
        onOffline: (error) => {
          if (this.client !== client) return;
          if (this.timer) clearTimeout(this.timer);
          this.timer = 0;
          const refused = error.code <= REFUSED_UNAUTHORIZED;
          this.failed(error.code, refused ? explain(error.code, error.name) : error.message);
          link.look();
        },
      },
    );
    this.client = client;
    client.linkChanged(link.isUp);
    client.start();
  }

  private receive(payload: string): void {
    let data: any;
    try {
      data = parseJson(payload);
    } catch (_error) {
      return;
    }
    const record = given(this.config, data);
    if (record) this.end(record);
  }

  private silent(): void {
    this.stop();
    this.timer = setTimeout(
      () => this.start(),
      this.backoff.afterFailure(DIAL_FAILED, Math.random()),
    );
    this.failed(REPLY_TIMEOUT, "logged on to register, but the platform gives nothing");
  }

  private end(record: Kept): void {
    keep(record);
    logInfo(PART, "registered; the platform's gift is kept");
    const client = this.client;
    this.client = undefined;
    this.stop();
    const next = () => this.done(credentialsOf(this.config, record));
    if (client) client.stop(next);
    else next();
  }
}

function hasPort(config: AliConfig): boolean {
  return config.server.lastIndexOf(":") >= 0;
}

/** `iot-x` of `iot-x.mqtt.iothub.aliyuncs.com`, the host of an instance; else empty. */
function instanceOf(host: string): string {
  const end = host.indexOf(".mqtt.iothub.aliyuncs.com");
  return end > 0 ? host.substr(0, end) : "";
}

/** Where to register over HTTPS: the setting's, else the region's of `server`. */
function hostOf(config: AliConfig): string {
  if (config.authServer) return config.authServer;
  const region = /iot-as-mqtt\.([a-z0-9-]+)\.aliyuncs\.com/.exec(config.server);
  return "iot-auth." + (region ? region[1] : "cn-shanghai") + ".aliyuncs.com";
}

let registering: Registering | undefined;
let listens = false;

export { forget } from "./kept-access.ts";

ways.registration = {
  credentials: (config) => {
    const form = config.registration;
    if (form !== undefined && form !== "mqtt" && form !== "https" && form !== "regnwl") {
      throw new Error('AliIot: "registration" must be one of mqtt, https, regnwl');
    }
    if (form === "https") authAddress(hostOf(config));
    const record = kept(config);
    return record && credentialsOf(config, record);
  },
  admit: (config, done, failed) => {
    if (!listens) link.onChange((up) => registering && registering.linkChanged(up));
    listens = true;
    registering = new Registering(
      config,
      (given) => {
        registering = undefined;
        done(given);
      },
      failed,
    );
    registering.start();
  },
  stop: () => {
    if (registering) registering.stop();
    registering = undefined;
  },
  refused: () =>
    logWarn(
      PART,
      "the kept secret is refused. Was the device reset or deleted on the platform? Then ali.forget() and ali.reboot() on the REPL register it anew",
    ),
  forget: forget,
};
