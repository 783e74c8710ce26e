import { typed } from "../compiled/program.ts";
import { tryCommands } from "./trial.ts";

const title = "commands that need nothing work as the documents show them";
tryCommands(title, ({ needs }) => !needs, typed);
