/**
 * The words of the view of a board over Bluetooth, in English.
 * @module
 */
export const boardEnglish = {
  title: "Board over Bluetooth",
  lead: "Shows what an ESP32 nearby does, and gives it its network and its credentials.",
  how: "Switch the board on. Its name begins with Espruino or ESP32.",
  connect: "Choose a board",
  connecting: "Connecting",
  unable: {
    insecure:
      "Browsers allow Bluetooth on 127.0.0.1, localhost and https only: open the page there.",
    missing:
      "This browser has no Web Bluetooth. Chrome and Edge have it; on Linux, switch on chrome://flags/#enable-web-bluetooth.",
  },
  trouble: {
    chosen: (_detail: string) => "No board was chosen.",
    reached: (name: string) =>
      `${name} can't be reached. Is it near, and connected to nothing else?`,
    lost: (_detail: string) =>
      "The connection to the board ended. Settings that were being saved may not have been kept.",
    silent: (_detail: string) => "The board does not answer as Espruino does. Restart it.",
  },
  restarting:
    "The board keeps the settings and restarts with them. Choose it again to see whether it goes online.",
  board: "Board",
  interpreter: "Interpreter",
  firmware: "Firmware",
  noFirmware: "does not run: it waits for settings, or there is none",
  link: "Network",
  lastReply: "Last reply",
  states: { none: "Not set up", online: "Online", offline: "Offline" },
  disconnect: "Disconnect",
  console: "Log",
  level: "Level",
  levels: { off: "Off", error: "Error", warn: "Warn", info: "Info", debug: "Debug" },
  quiet: "Nothing was logged since the connection began.",
  settings: "Settings",
  first: "The board has no settings yet.",
  change: "Only what you change is sent; everything else stays as it is on the board.",
  wifi: "Wi-Fi, in order of preference",
  sections: {
    platform: "Platform and credentials",
    cellular: "Modem",
    connection: "Connection and log",
  },
  network: (n: number) => `Network ${n}`,
  noNetwork: "No network.",
  addNetwork: "Add a network",
  removeNetwork: (n: number) => `Remove network ${n}`,
  earlier: (n: number) => `Prefer network ${n}`,
  remove: "Remove",
  up: "Up",
  openNetwork: "No password",
  ssid: "Network name",
  ssidHint: "2.4 GHz only.",
  password: "Password",
  kept: "Set on the board, and never shown. Leave it empty to keep it.",
  takeAway: "Remove it from the board",
  standard: (value: string) => (value === "" ? "Default" : `Default: ${value}`),
  choices: { true: "Yes", false: "No" } as Record<string, string>,
  fieldChoices: {
    qos: { "0": "0, at most once", "1": "1, at least once" },
    log: { off: "Off", error: "Error", warn: "Warn", info: "Info", debug: "Debug" },
    "cellular.tls": {
      unverified: "by the modem, server not verified",
      interpreter: "by the interpreter, server not verified",
    },
  } as Record<string, Record<string, string>>,
  fields: {
    server: "Server",
    productKey: "Product key",
    productSecret: "Product secret",
    deviceName: "Device name",
    deviceSecret: "Device secret",
    "cellular.apn": "Access point (APN)",
    "cellular.user": "User",
    "cellular.password": "Password",
    "cellular.pin": "PIN of the SIM card",
    "cellular.roaming": "Roaming",
    "cellular.tls": "TLS",
    qos: "Quality of service",
    tls: "TLS",
    signMethod: "Signature of the log-on",
    keepalive: "Keep alive, seconds",
    cleanSession: "Clean session",
    registration: "Registration",
    authServer: "Server to register at",
    replyTimeout: "Time for a reply, milliseconds",
    log: "Log level",
  },
  hints: {
    server: "Access domain, or address:port of the local platform as the board reaches it.",
    productSecret: "Needed by a device that registers by itself.",
    deviceSecret: "A device without one registers with the product secret.",
    registration:
      "Of a device without a secret: over MQTT, HTTPS, or without pre-registration (regnwl).",
    authServer: "For HTTPS only: host, host:port, or http://host:port of a local platform.",
    "cellular.apn": "Empty: the network's own.",
    "cellular.pin": "Tried once, never again after a refusal.",
    "cellular.tls": "Default: by the modem, which verifies the server against the file ca.pem.",
    tls: "The interpreter's TLS encrypts and does not verify the server; a modem's does.",
    cleanSession: "Yes: the platform forgets messages for the device while it is offline.",
  } as Record<string, string>,
  save: "Save and restart the board",
  saved: "The board has them.",
  unchanged: "Nothing was changed.",
  refused: "A device can't work with these settings; nothing was changed.",
  /** Of the settings' check. */
  problems: {
    missing: () => "is missing",
    unknown: ({ meant }: { meant: string }) =>
      meant === "" ? "is not known" : `is not known: is ${meant} meant?`,
    type: ({ expected }: { expected: string }) =>
      `has to be ${
        {
          object: "an object",
          array: "a list",
          string: "a text",
          integer: "a whole number",
          boolean: "true or false",
        }[expected] ?? expected
      }`,
    oneOf: ({ allowed }: { allowed: string }) => `has to be one of ${allowed}`,
    range: ({ least, most }: { least: number; most: number }) =>
      `has to be from ${least} to ${most}`,
    // The check's own words are English.
    pattern: (_problem: { field: string }) => "",
    shorter: ({ least }: { least: number }) => `needs at least ${least} characters`,
    longer: ({ most }: { most: number }) => `takes at most ${most} characters`,
    fewer: ({ least }: { least: number }) => `needs at least ${least} entries`,
    more: ({ most }: { most: number }) => `takes at most ${most} entries`,
    bytes: ({ most }: { most: number }) => `is longer than ${most} bytes in UTF-8`,
    port: ({ least, most }: { least: number; most: number }) =>
      `has a bad port: ${least} to ${most} expected`,
    noNetwork: () => "this board needs at least one network",
    noSecret: () => "is missing: without it, the product secret is needed to register",
    noApn: () => "is missing: user and password are its own",
    size: ({ bytes, most }: { bytes: number; most: number }) =>
      `all settings take ${bytes} bytes: the board keeps ${most}`,
  },
};
