/**
 * Puts a device's settings into its board's configuration area, over the console.
 *
 *     const settings = readSettingsFile("device.json");        // or throws a SettingsError
 *     const target = await openTarget(board);                  // which board file it is
 *     await provision(board, target, { settings });            // all of them
 *     await provision(board, target, { changes });             // some; the others stay
 *     await showSettings(board, target);                       // secrets masked on the board
 *     await releaseBoard(board);                               // unless it was restarted
 * @module
 */
export { hasSecret, parseAssignment, parseRemoval, type SettingChange } from "./assignment.ts";
export { standIns } from "./changes.ts";
export { maskSecrets } from "./mask.ts";
export { releaseBoard } from "./on-board.ts";
export type { SettingsProblem, SettingsProblems } from "./problems.ts";
export {
  type Outcome,
  openTarget,
  type ProvisionOptions,
  provision,
  showSettings,
  type Target,
  targetOf,
} from "./provision.ts";
export { type Ask, askSettings } from "./questions.ts";
export { openNames, type Schema, schema } from "./schema.ts";
export {
  type DeviceSettings,
  deviceFileText,
  parseSettings,
  readSettingsFile,
} from "./settings-file.ts";
export { setupScript } from "./setup-script.ts";
export { findFaults, SettingsError, type SettingsFault } from "./validate.ts";
