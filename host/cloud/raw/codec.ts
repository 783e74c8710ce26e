/**
 * How requests of the platform and their answers travel: as Alink JSON on topics of their own or,
 * for products whose data format is raw, as the parse script has it.
 * @module
 */
import type { DeviceId } from "../device-id.ts";
import type { Catalog } from "../products/catalog.ts";
import { parseObject } from "../thing/alink.ts";
import { Code } from "../thing/codes.ts";
import { type ParseScript, ScriptError } from "./script.ts";

const DOWN_RAW = "thing/model/down_raw";

/** A message to a device: its topic below `/sys/{productKey}/{deviceName}/`. */
export interface Encoded {
  path: string;
  payload: Buffer;
}

export class Codec {
  readonly #catalog: Pick<Catalog, "require">;

  constructor(catalog: Pick<Catalog, "require">) {
    this.#catalog = catalog;
  }

  isRaw(productKey: string): boolean {
    return this.#catalog.require(productKey).dataFormat === "raw";
  }

  /** @throws ScriptError when the product has none. */
  script(productKey: string): ParseScript {
    const { script } = this.#catalog.require(productKey);
    if (script) return script;
    throw new ScriptError(Code.scriptEmpty, `product ${productKey} has no parse script`);
  }

  /**
   * A request as the device gets it.
   * @param request Alink JSON for `path`.
   * @throws ScriptError
   */
  encode({ productKey }: DeviceId, path: string, request: Buffer): Encoded {
    if (!this.isRaw(productKey)) return { path, payload: request };
    const payload = this.script(productKey).toRaw(parseObject(request) ?? {});
    if (payload.length > 0) return { path: DOWN_RAW, payload };
    throw new ScriptError(Code.scriptResult, "protocolToRawData returned no bytes");
  }

  /** An answer of the device as Alink JSON. @throws ScriptError */
  decode({ productKey }: DeviceId, answer: Buffer): Buffer {
    if (!this.isRaw(productKey)) return answer;
    return Buffer.from(JSON.stringify(this.script(productKey).toProtocol(answer)));
  }
}
