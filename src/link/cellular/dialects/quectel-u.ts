/**
 * Quectel's modules with UNISOC chips: EC200U, EC600U, EG912U, EG915U.
 * @module
 */
import type { Dialect } from "./dialect.ts";
import { quectelA } from "./quectel-a.ts";

export const quectelU: Dialect = /* @__PURE__ */ Object.assign({}, quectelA, { key: 2 });
