import { tryCommands } from "./trial.ts";

tryCommands("from nothing to an updated board, by the documents' commands", ({ needs }) => !!needs);
