/**
 * Failures of a platform operation with the code that Alibaba's OpenAPI gives for them
 * (list of codes: help.aliyun.com/document_detail/87387.html).
 * @module
 */
import type { Problem } from "./problems.ts";

/** An operation that the platform refused or that failed; `code` as in the OpenAPI's answers. */
export class CloudError extends Error {
  readonly code: string;
  /** The same for programs; missing where nobody needs it in other words. */
  readonly problem: Problem | undefined;

  /** @param code such as `"iot.device.NotExistedDevice"`. */
  constructor(code: string, message: string, problem?: Problem) {
    super(message);
    this.name = "CloudError";
    this.code = code;
    this.problem = problem;
  }
}

/** A product file, thing model or option that can't be used; the message names place and reason. */
export class ConfigurationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ConfigurationError";
  }
}

/** A data directory that another platform has open. */
export class DataInUseError extends ConfigurationError {
  constructor(directory: string) {
    super(`data directory ${directory} is in use by another platform; stop it or choose another`);
    this.name = "DataInUseError";
  }
}
