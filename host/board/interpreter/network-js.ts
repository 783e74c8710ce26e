/**
 * The module `NetworkJS`: a script's object becomes the network. What it throws or answers wrongly
 * is taken as the interpreter takes it.
 * @module
 */
import { Interruption } from "./aborts.ts";
import type { Core } from "./core.ts";
import { type NetworkDriver, socketErrors } from "./host.ts";
import type { Value } from "./realm.ts";
import type { Sockets } from "./sockets.ts";

export function installNetworkJs(core: Core, sockets: Sockets): void {
  const { realm } = core;
  core.builtins.set("NetworkJS", () => {
    const module = realm.object();
    realm.define(module, {
      create: (_self, object) => {
        sockets.use(driverOf(core, object));
      },
    });
    return module;
  });
}

function driverOf(core: Core, object: Value): NetworkDriver {
  /** Calls the script; what it throws is lost. */
  const ask = (method: string, ...args: Value[]): Value => {
    const call = object[method];
    if (typeof call !== "function") return undefined;
    try {
      return call.apply(object, args);
    } catch (error) {
      if (error instanceof Interruption) throw error;
      return undefined;
    }
  };
  return {
    isPolled: true,
    create: (host, port, type, _tls, given) => {
      const id = ask("create", host, port, type, core.realm.toScriptValue(given ?? {}));
      // No answer counts as socket 0.
      return typeof id === "number" ? id : 0;
    },
    receive: (id, max, type) => {
      const received = ask("recv", id, max, type);
      if (typeof received === "string") return received.slice(0, max);
      return typeof received === "number" && received < 0 ? received : socketErrors.closed;
    },
    send: (id, bytes, type) => {
      const sent = ask("send", id, bytes, type);
      return typeof sent === "number" ? Math.min(sent, bytes.length) : socketErrors.closed;
    },
    close: (id) => {
      ask("close", id);
    },
    accept: (id) => {
      const accepted = ask("accept", id);
      return typeof accepted === "number" ? accepted : -1;
    },
  };
}
