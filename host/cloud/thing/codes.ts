/**
 * Codes of Alink messages between device and platform (help.aliyun.com/document_detail/120329.html
 * and 89309.html). Where the documents name a code without its text, the text is ours.
 * @module
 */
import type { ValueProblem } from "../problems.ts";

export const Code = {
  success: 200,
  parameter: 460,
  system: 500,
  /** The property is not in the product's thing model; a remark, the post itself still succeeds. */
  propertyNotFound: 5092,
  tooManyProperties: 6106,
  /** Unconfirmed which number of the 6200 group the platform uses. */
  eventNotFound: 6200,
  notJson: 6207,
  productNotFound: 6250,
  /** Dynamic registration: switched off, device activated, sign method, signature. */
  registrationOff: 6288,
  activated: 6289,
  signMethod: 6292,
  signature: 6600,
  notFound: 6304,
  int: 6306,
  float: 6307,
  bool: 6308,
  enum: 6309,
  text: 6310,
  date: 6311,
  struct: 6312,
  double: 6322,
  arraySize: 6324,
  arrayElement: 6328,
  /** Parse scripts of raw data: there is none, it throws, it lacks a function, its result is wrong. */
  scriptEmpty: 26001,
  scriptFailed: 26002,
  scriptFunction: 26006,
  scriptResult: 26007,
  /** Remote configuration: none, and switched off. */
  noConfig: 6710,
  configOff: 6713,
  /** A time stamp that is no time or lies too far in the future; the number is unconfirmed. */
  time: 6303,
} as const;

/** One complaint about a value: code and text without the identifier. */
export interface Complaint {
  code: number;
  text: string;
  /** The same for programs. */
  problem?: ValueProblem;
}
