/**
 * What a device logs on with: by default the secret of its settings, else what a way in gets for it.
 * @module
 */
import { logWarn } from "../debug/log.ts";
import { dial } from "../link/connection.ts";
import { REFUSED_CREDENTIALS, REFUSED_UNAUTHORIZED } from "../mqtt/error.ts";
import type { Credentials, MqttOptions } from "../mqtt/options.ts";
import type { AliConfig, Endpoint } from "./config.ts";
import { wayOf } from "./entrance.ts";
import { credentials, extended } from "./sign.ts";

const KEEPALIVE = 60;

/** Changes count from the next log-on on. */
export interface LogOn extends MqttOptions {
  at: Endpoint;
  /** More parameters of the client id, each behind a comma. */
  parameters: string;
  /** Calls `ready` when there are credentials, maybe at once; `failed` whenever they can't be had. */
  enter(ready: () => void, failed: (code: number) => void): void;
  /** Ends what `enter` began. */
  leave(): void;
  /** The platform's CONNACK, or another error, ended a log-on. */
  ended(code: number): void;
}

/** Secrets live in closures only: a REPL prints an object's members, and so do traces. */
export function createLogOn(config: AliConfig, at: Endpoint): LogOn {
  const way = wayOf(config);
  let signed: Credentials | undefined = way
    ? way.credentials(config)
    : credentials(config, config.deviceSecret as string);
  const logOn: LogOn = {
    at: at,
    parameters: "",
    keepalive: config.keepalive || KEEPALIVE,
    cleanSession: !!config.cleanSession,
    dial: () => (way && way.dial ? way.dial(logOn.at) : dial(!!config.tls, logOn.at)),
    credentials: () => {
      const given = signed as Credentials;
      return {
        clientId: extended(given.clientId, logOn.parameters),
        username: given.username,
        password: given.password,
      };
    },
    enter: (ready, failed) => {
      if (way) signed = way.credentials(config);
      if (!way || !way.admit || signed) {
        ready();
        return;
      }
      way.admit(
        config,
        (given) => {
          signed = given;
          ready();
        },
        (code, text) => {
          logWarn("ali", text);
          failed(code);
        },
      );
    },
    leave: () => {
      if (way && way.stop) way.stop();
    },
    ended: (code) => {
      const refused = code === REFUSED_CREDENTIALS || code === REFUSED_UNAUTHORIZED;
      if (refused && way && way.refused) way.refused();
    },
  };
  return logOn;
}
