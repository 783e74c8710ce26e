export { english as chinese } from "./text-english.ts";
