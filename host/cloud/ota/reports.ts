/**
 * What devices say and ask about updates: versions, progress, packages
 * (help.aliyun.com/document_detail/85700.html).
 * @module
 */
import type { Outcome, Router, UpMessage } from "../router.ts";
import { DEFAULT_MODULE } from "../store/ota-records.ts";
import type { VersionRecords } from "../store/version-records.ts";
import { type AlinkRequest, isObject, makeReply, parseRequest } from "../thing/alink.ts";
import { Code } from "../thing/codes.ts";
import type { Pushes } from "./pushes.ts";
import type { Updates } from "./updates.ts";

export class OtaReports {
  readonly #versions: VersionRecords;
  readonly #updates: Updates;
  readonly #pushes: Pushes;

  constructor(router: Router, versions: VersionRecords, updates: Updates, pushes: Pushes) {
    this.#versions = versions;
    this.#updates = updates;
    this.#pushes = pushes;
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
    const { device, at } = message;
    await this.#versions.update(device, module, { version, informedAt: at });
    // The trace shows the report before what follows from it.
    return {
      code: Code.success,
      note: `${module} is ${version}`,
      after: () => this.#updates.inform(device, module, version),
    };
  }

  async #progress(message: UpMessage): Promise<Outcome> {
    const params = paramsOf(message);
    if (typeof params === "string") return wrong(params);
    const step = Number(params.step);
    if (params.step === "" || !Number.isInteger(step) || step < -4 || step > 100) {
      return wrong(`params.step is ${JSON.stringify(params.step)}, but has to be -4 to 100`);
    }
    const module = moduleOf(params);
    const { device, at } = message;
    const description = typeof params.desc === "string" ? params.desc : "";
    await this.#versions.update(device, module, { step, description, progressAt: at });
    const note = `${module} at ${step}`;
    return {
      code: Code.success,
      note: this.#updates.offer(device, module) ? note : `${note}, but no update is under way`,
      after: async () => {
        await this.#updates.progress(device, module, step, description);
      },
    };
  }

  #get(message: UpMessage): Outcome {
    const request = parseRequest(message.payload);
    const topic = `${message.topic}_reply`;
    if (!request || !isObject(request.params)) {
      const code = request ? Code.parameter : Code.notJson;
      const asked: Pick<AlinkRequest, "id" | "method"> = request ?? { id: "", method: undefined };
      return { code, reply: { topic, payload: makeReply(asked, code) } };
    }
    const module = moduleOf(request.params);
    const offer = this.#updates.offer(message.device, module);
    // Nothing to install is an empty answer, not an error.
    const data = offer ? this.#pushes.describe(message.device, offer.firmware, offer.job) : {};
    const payload = makeReply(request, Code.success, data);
    return {
      code: Code.success,
      note: offer ? `package ${offer.firmware.version}` : "no package",
      reply: { topic, payload },
      ...(offer ? { after: () => this.#updates.answered(offer) } : {}),
    };
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
