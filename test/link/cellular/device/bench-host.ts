/**
 * The bench's sockets over the host's network: the same program without the driver.
 * @module
 */
import { useSockets } from "./bench-sockets.ts";

const link: any = {
  onChange: (listener: (up: boolean) => void) => {
    link.listener = listener;
  },
  up: () => {
    setTimeout(link.listener, 0, true);
  },
};

useSockets(link);
