/**
 * All words of the page, in the reader's language.
 * @module
 */
import { chinese } from "./text/chinese.ts";
import { english } from "./text/english.ts";

/** For numbers and times, too. */
export const language = navigator.language;

export const text = /^zh\b/i.test(language) ? chinese : english;
