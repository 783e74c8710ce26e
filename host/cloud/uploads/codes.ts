/**
 * Codes of the answers to uploads, and the refusal that carries one (Link SDK C 4,
 * aiot_mqtt_upload_api.h). The texts are ours.
 * @module
 */

export const UploadCode = {
  success: 200,
  /** The frame of a block is not understood. */
  payload: 400,
  parameter: 460,
  /** The file has more than 16 MB. */
  fileTooLarge: 78117,
  /** A block has more than 128 KB. */
  blockTooLarge: 78118,
  /** A block does not begin where the file ends so far. */
  offset: 78119,
  /** A block before the last one has less than 256 bytes. */
  blockTooSmall: 78120,
  /** A block's CRC-16 does not fit. */
  blockCrc: 78121,
  /** There is no upload of this id, or no longer. */
  noUpload: 78122,
  /** A file of this name exists (append, reject). */
  fileExists: 78123,
  /** The upload is complete already. */
  finished: 78124,
  /** The whole file's CRC-64 does not fit; what was received is deleted. */
  fileCheck: 78125,
  /** The block is there already. */
  duplicate: 78126,
} as const;

/** Why an upload, or a block of it, is not taken. */
export class UploadRefusal extends Error {
  readonly code: number;

  /** @param code one of `UploadCode`. */
  constructor(code: number, message: string) {
    super(message);
    this.name = "UploadRefusal";
    this.code = code;
  }
}
