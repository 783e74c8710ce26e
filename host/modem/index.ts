/**
 * A simulated cellular module.
 * @module
 */
export { DrivenClock, type ModemClock, RealClock } from "./clock.ts";
export type { FamilyName } from "./families/family.ts";
export { families } from "./families/index.ts";
export { type FaultRecord, type FaultWhen, faultKinds, faultsOf } from "./faults/engine.ts";
export { Modem, type PowerState } from "./modem.ts";
export {
  type MemoryCertificate,
  MemoryNetwork,
  type Peer,
  type PeerEvents,
  type Server,
} from "./network/memory-network.ts";
export type { Connection, ConnectionEvents, ModemNetwork } from "./network/network.ts";
export { RealNetwork } from "./network/real-network.ts";
export type { FaultPlan, ModemOptions, RegistrationOptions, SimOptions } from "./options.ts";
export { quickTiming, type Timing, usualTiming } from "./timing.ts";
export { makePackage, type PackageDescription } from "./upgrade.ts";
