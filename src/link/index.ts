/**
 * The board's link: one for the whole firmware.
 * @module
 */
import { createLink } from "#board";
import { openJournal } from "../store/boot-journal.ts";
import type { Link } from "./link.ts";
import { setLinkMemory } from "./memory.ts";

setLinkMemory(openJournal);

export const link: Link = createLink();
