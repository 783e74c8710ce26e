/**
 * Why the platform refuses something to a gateway: codes and texts of
 * help.aliyun.com/document_detail/89299.html, 89300.html and 120329.html.
 * @module
 */
import type { Answer } from "../thing/request.ts";

/** Codes and their texts; where the documents give a code alone, the text is ours. */
const TEXTS = {
  401: "request auth error",
  427: "device connect in elsewhere",
  428: "too many subdevices under gateway",
  460: "request parameter error",
  500: "server error",
  520: "device session error",
  521: "device deleted",
  522: "device forbidden",
  6100: "device not found",
  6250: "product not found",
  6280: "device name does not meet the rules",
  6287: "invalid sign",
  6288: "dynamic registration is switched off",
  6289: "device already activated",
  6356: "too many events",
  6357: "too many sub-devices",
  6400: "too many sub-devices in the topology",
  6401: "topo relation not exist",
  6402: "topo relation cannot add by self",
  6600: "signature check failed",
  6619: "device belongs to another gateway",
} as const;

export type RefusalCode = keyof typeof TEXTS;

/** The documents' text for a code. */
export function textOf(code: RefusalCode): string {
  return TEXTS[code];
}

/** Ends the handling of a request with a code. */
export class Refused extends Error {
  readonly code: RefusalCode;
  readonly data: unknown;

  /** @param detail what is wrong, added to the code's text. */
  constructor(code: RefusalCode, detail?: string, data: unknown = {}) {
    super(detail === undefined ? textOf(code) : `${textOf(code)}: ${detail}`);
    this.name = "Refused";
    this.code = code;
    this.data = data;
  }
}

/** The answer to a request, also when it is refused on the way. */
export async function answering(handle: () => Promise<Answer>): Promise<Answer> {
  try {
    return await handle();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { code: error.code, data: error.data, text: error.message };
  }
}
