/**
 * The interpreter's random generator repeats after each boot: message ids, reconnect jitter and
 * TLS need better.
 * @module
 */

/** Seeds the generator from the chip's id, the clock and the jitter of the collector's run time. */
export function seedRandom(): void {
  let noise = getSerial() + getTime() + E.hwRand();
  for (let i = 0; i < 2; i++) noise += JSON.stringify(process.memory());
  const sum = E.toUint8Array(require("crypto").SHA1(noise));
  E.srand(sum[0] | (sum[1] << 8) | (sum[2] << 16) | ((sum[3] & 127) << 24));
}
