/**
 * The module `NetworkJS`: a script's object becomes the network. What it throws or answers wrongly
 * is taken as the interpreter takes it. Which network is in use stands in the hidden root, in reach
 * of scripts: `net`, a string whose first character is the kind, `JSN`, the script's object, and
 * `HttpCC`, the sockets.
 * @module
 */
import { Interruption } from "./aborts.ts";
import type { Core } from "./core.ts";
import { type NetworkDriver, socketErrors } from "./host.ts";
import type { Value } from "./realm.ts";
import type { Sockets } from "./sockets.ts";

/** Kinds of network, as the interpreter counts them. */
const kinds = { linux: 0, script: 3, esp32: 5 };

/** The text that stands for a network; the rest of it says that no bus and no pins are used. */
function description(kind: number): string {
  return `${String.fromCharCode(kind)}\0\0\0\0\xff\xff\xff\0\0\0\0`;
}

export function installNetworkJs(core: Core, sockets: Sockets): void {
  const { realm } = core;
  const isEsp32 = core.board.machine.interpreter.board.startsWith("ESP32");
  const root = realm.object();
  if (isEsp32) root.net = description(kinds.esp32);
  let hadClients = false;
  Object.defineProperty(root, "HttpCC", {
    get: () => {
      const { clients } = sockets;
      hadClients ||= clients.length > 0;
      return hadClients ? realm.array(clients) : undefined;
    },
  });
  realm.hide(realm.global, "\xff", root);

  const drivers = new WeakMap<object, NetworkDriver>();
  sockets.choose = () => {
    // On Linux it comes with the first question, so with the idle loop's first turn.
    if (!isEsp32) root.net ??= description(kinds.linux);
    if (typeof root.net !== "string") return undefined;
    if (root.net.charCodeAt(0) !== kinds.script) return sockets.own;
    const object = root.JSN ?? root;
    const made = drivers.get(object) ?? sockets.withTls(driverOf(core, object));
    drivers.set(object, made);
    return made;
  };
  core.builtins.set("NetworkJS", () => {
    const module = realm.object();
    realm.define(module, {
      create: (_self, object) => {
        root.JSN = object;
        root.net = description(kinds.script);
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
