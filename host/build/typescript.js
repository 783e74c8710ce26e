/**
 * The compiler of the ES5 output. Required, for an import would first read through its 9 MB for the
 * names that it exports: 1.5 s of processor time.
 * @module
 */
import { createRequire } from "node:module";

export default createRequire(import.meta.url)("typescript-es5");
