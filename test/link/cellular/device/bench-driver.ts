/**
 * The bench's sockets over the modem at the serial port `settings.path`.
 * @module
 */
import { createCellularLink } from "../../../../src/link/cellular/link.ts";
import { useNetworkOf } from "../../../../src/link/network.ts";
import { useSockets } from "./bench-sockets.ts";

const { path }: { path: string } = global.settings;

useSockets(useNetworkOf(createCellularLink({ serial: "Serial1", path: path, urcPort: "uart1" })));
