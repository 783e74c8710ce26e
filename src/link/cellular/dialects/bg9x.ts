/**
 * Quectel's LTE-M and NB-IoT modules with Qualcomm chips: BG95, BG96, BG77.
 * @module
 */
import type { Dialect } from "./dialect.ts";
import { quectelA } from "./quectel-a.ts";

export const bg9x: Dialect = /* @__PURE__ */ Object.assign({}, quectelA, {
  keepalive: "1,2,25,3",
  zone: 1,
  key: 0.575,
  repair: false,
});
