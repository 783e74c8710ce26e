/**
 * What the bench's device programs do with their sockets, whichever link carries them: two that
 * echo and stay open, then a file that is dropped as it comes.
 * @module
 */
import type { Link } from "../../../../src/link/link.ts";

const settings: { echo: number; file: number; size: number } = global.settings;

let open = 0;
const sockets: EspruinoSocket[] = [];

function connect(port: number, connected: () => void): EspruinoSocket {
  return require("net").connect({ host: "127.0.0.1", port: port }, connected);
}

function hold(): void {
  const socket = connect(settings.echo, () => socket.write("hello"));
  sockets.push(socket);
  socket.on("data", () => {
    // Once it has become quiet.
    if (++open === 2) setTimeout(download, 3000);
    else hold();
  });
}

function download(): void {
  print("online " + process.memory().usage);
  let left = settings.size;
  let since = 0;
  const socket = connect(settings.file, () => {
    since = getTime();
    socket.write("GET");
  });
  socket.on("data", (bytes) => {
    left -= bytes.length;
    if (left > 0) return;
    print("took " + (getTime() - since));
    socket.end();
  });
}

/** Begins when the link is up. */
export function useSockets(link: Link): void {
  link.onChange((up) => {
    if (up) hold();
  });
  link.up({ cellular: { apn: "cmnet" } });
}
