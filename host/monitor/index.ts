/**
 * Watching a board and talking to it.
 *
 *     const target = await openTarget({ port, virtual, board });
 *     await monitor(target.board, { write: console.log, reopen: target.reopen, signal });
 *     await startRepl(target.board, { input: process.stdin, output: process.stdout });
 *     await target.close();
 * @module
 */
export { connectBoard } from "./board-connection.ts";
export { type MonitorOptions, monitor } from "./monitor.ts";
export { type ReplOptions, startRepl } from "./repl/terminal.ts";
export {
  openTarget,
  TARGET_OPTIONS,
  TARGET_USAGE,
  type Target,
  type TargetValues,
  UsageError,
} from "./target.ts";
