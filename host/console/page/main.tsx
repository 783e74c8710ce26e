/**
 * Starts the page.
 * @module
 */
import { render } from "preact";
import { App } from "./app.tsx";
import { text } from "./text.ts";

document.documentElement.lang = text.app.language;
render(<App />, document.getElementById("app") as HTMLElement);
