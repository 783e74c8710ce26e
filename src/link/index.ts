/**
 * The board's link: one for the whole firmware.
 * @module
 */
import { createLink } from "#board";
import type { Link } from "./link.ts";

export const link: Link = createLink();
