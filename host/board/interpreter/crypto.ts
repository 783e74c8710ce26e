/**
 * The module `crypto`: hashes of whole data, AES and PBKDF2; results are ArrayBuffers.
 * @module
 */
import { createCipheriv, createDecipheriv, createHash, pbkdf2Sync } from "node:crypto";
import type { Core } from "./core.ts";
import type { Value } from "./realm.ts";

const hashes = ["SHA1", "SHA224", "SHA256", "SHA384", "SHA512"];
const blockBytes = 16;

export function installCrypto(core: Core): void {
  const { realm } = core;
  const buffer = (bytes: Uint8Array) => realm.bytes(bytes).buffer;
  const dataOf = (value: Value) => core.bytes(value);
  core.builtins.set("crypto", () => {
    const crypto = realm.object();
    for (const name of hashes)
      realm.define(crypto, {
        [name]: (_self, value) =>
          value === undefined
            ? undefined
            : buffer(createHash(name.toLowerCase()).update(dataOf(value)).digest()),
      });
    const cipher =
      (isEncryption: boolean) => (_self: Value, data: Value, key: Value, options: Value) => {
        const mode = options?.mode === undefined ? "CBC" : core.text(options.mode);
        const keyBytes = dataOf(key);
        const iv = options?.iv === undefined ? new Uint8Array(blockBytes) : dataOf(options.iv);
        const text = dataOf(data);
        const needsBlocks = mode === "CBC" || mode === "ECB";
        if (![16, 24, 32].includes(keyBytes.length)) {
          core.print("ERROR: Unknown error: -0x20\n");
          return undefined;
        }
        if (needsBlocks && text.length % blockBytes !== 0) {
          core.print("ERROR: Invalid input length\n");
          return undefined;
        }
        const algorithm = `aes-${keyBytes.length * 8}-${mode.toLowerCase()}`;
        const make = isEncryption ? createCipheriv : createDecipheriv;
        const made = make(algorithm, keyBytes, mode === "ECB" ? null : iv);
        made.setAutoPadding(false);
        return buffer(Buffer.concat([made.update(text), made.final()]));
      };
    const aes = realm.object();
    realm.define(aes, { encrypt: cipher(true), decrypt: cipher(false) });
    realm.hide(crypto, "AES", aes);
    realm.define(crypto, {
      PBKDF2: (_self, password, salt, options) => {
        const hash =
          options?.hasher === undefined ? "sha1" : core.text(options.hasher).toLowerCase();
        const bits = Number(options?.keySize ?? 4) * 32;
        const rounds = Number(options?.iterations ?? 1);
        return buffer(pbkdf2Sync(dataOf(password), dataOf(salt), rounds, bits / 8, hash));
      },
    });
    return crypto;
  });
}
