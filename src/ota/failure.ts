/**
 * Why a download or an update ended.
 * @module
 */
import type { DownloadFailure } from "../http/sink.ts";

/** Steps of the platform's progress report that mean a failure (Ali OTA, "progress"). */
export const UPGRADE_FAILED = -1;
export const DOWNLOAD_FAILED = -2;
export const VERIFY_FAILED = -3;
export const FLASH_FAILED = -4;

export interface Failure extends DownloadFailure {
  /** One of this module's constants. */
  step: number;
}
