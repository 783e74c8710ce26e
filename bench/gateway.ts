/**
 * Sub-devices of a gateway on the interpreter: the variables that each takes, logged on, and the time
 * until all are.
 * @module
 */
import { findInterpreter, findSmallInterpreter } from "../host/board/find-interpreter.ts";
import { buildMany, openMany } from "../test/gateway/many.ts";
import type { Bench, Row } from "./run.ts";

export const name = "gateway: what a sub-device takes on the interpreter";
export const uses: Bench["uses"] = ["interpreter32", "interpreter"];

const FEW = 10;
const MANY = 50;

export async function bench(): Promise<Row[] | string> {
  const interpreter = findSmallInterpreter() ?? findInterpreter();
  if (interpreter === undefined) return "no interpreter";
  const firmware = await buildMany();
  const usage = async (count: number) => {
    const { stage, printed } = await openMany(firmware, "espruino", count, interpreter);
    try {
      await stage.board.powerOn();
      return Number((await printed(/all reported, (\d+) JsVars/))[1]);
    } finally {
      await stage.close();
    }
  };
  const few = await usage(FEW);
  const many = await usage(MANY);
  return [
    { what: `${MANY} sub-devices, logged on and reported`, value: many, unit: "JsVars" },
    {
      what: "one sub-device",
      value: (many - few) / (MANY - FEW),
      unit: "JsVars",
      most: 25,
    },
  ];
}
