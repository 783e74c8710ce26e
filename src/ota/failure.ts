/**
 * Why a download or an update ended.
 * @module
 */

/** Steps of the platform's progress report that mean a failure (Ali OTA, "progress"). */
export const UPGRADE_FAILED = -1;
export const DOWNLOAD_FAILED = -2;
export const VERIFY_FAILED = -3;
export const FLASH_FAILED = -4;

export interface Failure {
  /** One of this module's constants. */
  step: number;
  /** What a person understands; no address beyond host and path, no secrets. */
  text: string;
  /** HTTP 403: a fresh address may help. */
  expired?: boolean;
}
