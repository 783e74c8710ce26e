/**
 * Asks the platform for the host of the instance that a device belongs to (`/auth/bootstrap` of
 * `iot-auth-global.aliyuncs.com`), and asks anew when the platform says so
 * (`thing/bootstrap/notify`): so devices follow when they are distributed to another instance.
 * @module
 */
import { logInfo, logWarn } from "../../debug/log.ts";
import { link } from "../../link/index.ts";
import { parseJson } from "../../text/json.ts";
import type { AliIot } from "../aliiot.ts";
import { authAddress, FormRequest } from "../form.ts";
import type { Port } from "../port.ts";
import type { Service } from "../service.ts";

const PART = "bootstrap";
const SERVER = "iot-auth-global.aliyuncs.com";
const PATH = "thing/bootstrap/notify";

/**
 * Finds the device's instance. To be made before `connect()`, which is then called here.
 * @public
 */
export class Bootstrap implements Service {
  private readonly port: Port;
  /** Questions that wait for the network. */
  private waiting: (() => void)[] = [];

  /** `authServer`: of the settings; default Alibaba's. Throws an Error when it is none. */
  constructor(
    private readonly server: AliIot<any>,
    private readonly authServer: string = SERVER,
  ) {
    authAddress(authServer);
    this.port = server.port;
    this.port.subscribe(this.port.topics.sys + PATH);
    this.port.attach(this);
    link.onChange((up) => {
      if (!up) return;
      const waiting = this.waiting;
      this.waiting = [];
      for (const ask of waiting) ask();
    });
  }

  /**
   * Asks where to log on, once there is a network, and keeps it for the next log-on: 200, or why not: Ali's code, or below 100
   * as in `mqtt/error`; then the host stays what it was.
   */
  locate(): Promise<number> {
    return new Promise((resolve) => {
      if (link.isUp) this.ask(resolve);
      else this.waiting.push(() => this.ask(resolve));
    });
  }

  private ask(done: (code: number) => void): void {
    const { productKey, deviceName } = this.port.topics;
    const form =
      "productKey=" +
      productKey +
      "&deviceName=" +
      deviceName +
      "&clientId=" +
      productKey +
      "." +
      deviceName +
      "&resources=mqtt";
    new FormRequest(authAddress(this.authServer), "/auth/bootstrap", form, (code, answer, text) => {
      const place = answer && answer.data && answer.data.resources && answer.data.resources.mqtt;
      const port = place ? parseInt(place.port, 10) : 0;
      if (code === 200 && typeof place.host === "string" && port > 0 && port < 65536) {
        this.port.logOn.at = { host: place.host, port: port };
        logInfo(PART, "the instance is at " + place.host + ":" + port);
        done(200);
      } else {
        logWarn(PART, "no host was given: " + code + " " + text);
        done(code === 200 ? 500 : code);
      }
    });
  }

  /** Asks, and logs on with what there is: as `connect()` of `AliIot`. */
  connect(): Promise<number> {
    return this.locate().then(() => this.server.connect());
  }

  accept(topic: string, payload: string): boolean {
    const sys = this.port.topics.sys;
    if (topic !== sys + PATH) return false;
    let request: any;
    try {
      request = parseJson(payload);
    } catch (_error) {
      return true;
    }
    if (!request || request.id === undefined) return true;
    this.port.exchange.answer(topic + "_reply", request.id, 200, {}, "success", 0).then(() => {
      if (request.params && request.params.cmd === 0) this.follow();
    });
    return true;
  }

  /** Goes where the platform says, if that is elsewhere. */
  private follow(): void {
    const before = this.port.logOn.at;
    this.locate().then(() => {
      const now = this.port.logOn.at;
      if (now.host === before.host && now.port === before.port) return;
      this.server.disconnect().then(() => this.server.connect());
    });
  }
}
