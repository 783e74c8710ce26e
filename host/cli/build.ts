/**
 * `npm run build -- [--board NAME] [--json]`: builds a board's firmware into `dist/NAME/`.
 * @module
 */
import { parseArgs } from "node:util";
import { build } from "../build/index.ts";

try {
  const { values } = parseArgs({
    options: {
      board: { type: "string", default: "esp32" },
      json: { type: "boolean", default: false },
    },
  });
  const result = await build({ board: values.board, quiet: values.json });
  if (values.json) console.log(JSON.stringify(result));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
