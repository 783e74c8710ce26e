/**
 * Starts the board's worker thread, whose source is TypeScript.
 * @module
 */
import { register } from "tsx/esm/api";

register();
await import("./worker.ts");
