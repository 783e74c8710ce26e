/**
 * `npm run ota`.
 * @module
 */
import { otaCommand } from "./ota/command.ts";

const terminal = { out: process.stdout, err: process.stderr };
process.exitCode = await otaCommand(process.argv.slice(2), process.env, terminal);
