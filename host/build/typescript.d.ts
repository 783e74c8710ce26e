/**
 * @module
 */
export { default } from "typescript-es5";
