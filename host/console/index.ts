/**
 * The console: a page that shows the local platform's devices, talks to them and updates them.
 * @module
 */
import type { Cloud } from "../cloud/index.ts";
import { Directory } from "./directory.ts";
import { FaultBoard, type Network } from "./faults.ts";
import { Live } from "./live.ts";
import { Messages } from "./messages.ts";
import { loadPage } from "./page-build.ts";
import { startServer } from "./server.ts";

export interface ConsoleOptions {
  cloud: Cloud;
  /** Port on 127.0.0.1; 0 or absent: a free one. */
  port?: number;
  /** The network that the page can cut; the platform's own connections when absent. */
  network?: Network;
  /** Keys of products whose secrets the page may show, on request; none when absent. */
  revealed?: readonly string[];
}

export interface Console {
  /** E.g. `http://127.0.0.1:8088`. */
  url: string;
  /** To be called before the platform is closed. */
  close(): Promise<void>;
}

/**
 * Serves the console of a platform.
 * @throws ConfigurationError when the port can't be listened on.
 */
export async function startConsole(options: ConsoleOptions): Promise<Console> {
  const { cloud, port = 0, network = cloud.network, revealed = [] } = options;
  const directory = new Directory(cloud);
  const messages = new Messages(cloud.trace);
  const faults = new FaultBoard(network, cloud);
  const live = new Live({ cloud, directory, messages, faults });
  const stop = () => {
    live.close();
    faults.close();
    messages.close();
    directory.close();
  };
  const parts = { cloud, directory, messages, faults, live, revealed };
  try {
    const server = await startServer(port, parts, loadPage);
    const close = async () => {
      stop();
      await server.close();
    };
    return { url: server.url, close };
  } catch (error) {
    stop();
    throw error;
  }
}
