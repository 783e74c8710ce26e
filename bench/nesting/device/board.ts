/**
 * The Linux board with more flash: a script that counts its calls is longer.
 * @module
 */
import { device, machine } from "../../../boards/linux.ts";

export { createLink, ownClock, queue } from "../../../boards/linux.ts";

const BYTES = 1 << 20;
const SLOT_BYTES = 200 << 10;

device.flash.storage.length = BYTES;
device.flash.slotBytes = SLOT_BYTES;
machine.flash.size = BYTES;
machine.flash.storage.length = BYTES;
machine.flash.slotBytes = SLOT_BYTES;
for (const range of machine.flash.free) range.length = BYTES;

export { device, machine };
