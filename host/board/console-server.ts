/**
 * Serves a board's console on a TCP port of this machine, as a device that the `espruino` tool and
 * terminals can connect to.
 * @module
 */
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { PoweredBoard } from "./power.ts";

/** A console on TCP. */
export class ConsoleServer {
  private readonly clients = new Set<Socket>();
  private readonly stopListening: () => void;
  private readonly server: Server;

  constructor(board: PoweredBoard) {
    this.stopListening = board.onConsole((text) => {
      for (const client of this.clients) client.write(text, "latin1");
    });
    this.server = createServer((client) => {
      this.clients.add(client);
      client.setNoDelay(true);
      client.on("data", (bytes) => board.type(bytes.toString("latin1")));
      client.on("error", () => client.destroy());
      client.on("close", () => this.clients.delete(client));
    });
  }

  /** Listens on 127.0.0.1; port 0 takes a free one. Resolves to the port. */
  listen(port = 0): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, "127.0.0.1", () => {
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  async close(): Promise<void> {
    this.stopListening();
    for (const client of this.clients) client.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
