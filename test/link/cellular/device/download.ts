/**
 * A file over the board's own link, dropped as it comes; prints the seconds that it took.
 * @module
 */
import { link } from "../../../../src/link/index.ts";

const SIZE = 65536;

link.onChange((up) => {
  if (!up) return;
  let left = SIZE;
  let since = 0;
  const socket = require("net").connect({ host: "files.example", port: 80 }, () => {
    since = getTime();
    socket.write("GET");
  });
  socket.on("data", (bytes) => {
    left -= bytes.length;
    if (left <= 0) print("took " + (getTime() - since));
  });
});
link.up({ cellular: { apn: "cmnet" } });
