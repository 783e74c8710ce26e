/**
 * Which faults are tried while data goes both ways.
 * @module
 */
import { faultKinds } from "../../../host/modem/index.ts";

/** Those of TLS and of upgrades, those at a start, and those that only a person can mend. */
const elsewhere = /^F(13|14|15\.boot|17\.(?!busy)|19\.roaming|37\.(?!degraded)|38|39|42\.always)/;

export const trafficFaults = faultKinds.filter((kind) => !elsewhere.test(kind.name));
