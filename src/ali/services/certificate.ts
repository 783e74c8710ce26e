/**
 * Log-on by X.509 certificate (Ali "Use X.509 certificates to verify devices"): with `x509` and `tls`
 * in the settings, and the device's certificate and key in the Storage files `cert.pem` and `key.pem`,
 * as `npm run storage` puts them there. The platform's host is `x509.itls.cn-shanghai.aliyuncs.com:1883`.
 * A modem shows the certificate itself; else the interpreter does. To be imported for its effect:
 *
 *     import "../src/ali/services/certificate.ts";
 * @module
 */
import { logWarn } from "../../debug/log.ts";
import { dial, networkEncrypts } from "../../link/connection.ts";
import { ways } from "../entrance.ts";

const CERTIFICATE = "cert.pem";
const KEY = "key.pem";

/** The bytes of the first PEM block of a Storage file. Throws an Error that says what is wrong. */
function readPem(file: string): string {
  const text = require("Storage").read(file);
  if (!text) throw new Error('AliIot: "x509" is set, but Storage has no ' + file);
  const begin = text.indexOf("-----BEGIN ");
  const start = text.indexOf("\n", begin);
  const end = text.indexOf("-----END ", start);
  if (begin < 0 || start < 0 || end < 0) throw new Error("AliIot: " + file + " is not PEM");
  return atob(text.substring(start, end).replace(/[\r\n]/g, ""));
}

ways.certificate = {
  credentials: (config) => {
    if (!config.tls) throw new Error('AliIot: "x509" needs "tls": true');
    // Read here for what is wrong with them; there is no room to keep them.
    readPem(CERTIFICATE);
    readPem(KEY);
    const id = config.productKey + "." + config.deviceName;
    return {
      clientId: id + "|securemode=2,signmethod=" + (config.signMethod || "hmacsha256") + "|",
      username: config.deviceName + "&" + config.productKey,
      password: "",
    };
  },
  dial: (at) => {
    if (networkEncrypts()) return dial(true, at);
    const to = { host: at.host, port: at.port, cert: readPem(CERTIFICATE), key: readPem(KEY) };
    return dial(true, to);
  },
  refused: () =>
    logWarn(
      "x509",
      "is " + CERTIFICATE + " the certificate that the platform has for this device?",
    ),
};
