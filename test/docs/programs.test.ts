import { tryCommands } from "./trial.ts";

tryCommands("commands that need nothing work as the documents show them", ({ needs }) => !needs);
