/**
 * What devices say about updates: versions, progress, and whether there is a package for them
 * (help.aliyun.com/document_detail/85700.html).
 * @module
 */
import type { Outcome, Router, UpMessage } from "../router.ts";
import type { VersionRecords } from "../store/version-records.ts";
import { type AlinkRequest, isObject, makeReply, parseRequest } from "../thing/alink.ts";
import { Code } from "../thing/codes.ts";

/** The module's name when a message names none: the device's firmware. */
export const DEFAULT_MODULE = "default";

export class OtaReports {
  readonly #versions: VersionRecords;

  constructor(router: Router, versions: VersionRecords) {
    this.#versions = versions;
    router.route("/ota/device/inform/{own}", (message) => this.#inform(message));
    router.route("/ota/device/progress/{own}", (message) => this.#progress(message));
    router.route("/sys/{own}/thing/ota/firmware/get", (message) => this.#get(message));
  }

  async #inform(message: UpMessage): Promise<Outcome> {
    const params = paramsOf(message);
    if (typeof params === "string") return wrong(params);
    const { version } = params;
    if (typeof version !== "string" || version === "") return wrong("params.version is missing");
    const module = moduleOf(params);
    await this.#versions.update(message.device, module, { version, informedAt: message.at });
    return { code: Code.success, note: `${module} is ${version}` };
  }

  async #progress(message: UpMessage): Promise<Outcome> {
    const params = paramsOf(message);
    if (typeof params === "string") return wrong(params);
    const step = Number(params.step);
    if (!Number.isInteger(step) || step < -4 || step > 100) {
      return wrong(`params.step is ${JSON.stringify(params.step)}, but has to be -4 to 100`);
    }
    const module = moduleOf(params);
    const description = typeof params.desc === "string" ? params.desc : "";
    const progress = { step, description, progressAt: message.at };
    await this.#versions.update(message.device, module, progress);
    return { code: Code.success, note: `${module} at ${step}` };
  }

  #get(message: UpMessage): Outcome {
    const request = parseRequest(message.payload);
    const topic = `${message.topic}_reply`;
    if (!request || !isObject(request.params)) {
      const code = request ? Code.parameter : Code.notJson;
      const asked: Pick<AlinkRequest, "id" | "method"> = request ?? { id: "", method: undefined };
      return { code, reply: { topic, payload: makeReply(asked, code) } };
    }
    // Nothing to install is an empty answer, not an error.
    const payload = makeReply(request, Code.success, {});
    return { code: Code.success, note: "no package", reply: { topic, payload } };
  }
}

function paramsOf(message: UpMessage): Record<string, unknown> | string {
  const request = parseRequest(message.payload);
  if (!request) return "payload is not a JSON object";
  return isObject(request.params) ? request.params : "params has to be an object";
}

function moduleOf({ module }: Record<string, unknown>): string {
  return typeof module === "string" && module !== "" ? module : DEFAULT_MODULE;
}

function wrong(note: string): Outcome {
  return { code: Code.parameter, note: `${note}; not recorded` };
}
