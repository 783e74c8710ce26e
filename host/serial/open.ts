/**
 * Opens boards by what `--port` says.
 * @module
 */
import { Board } from "./board.ts";
import type { Connection } from "./connection.ts";
import { BoardError } from "./errors.ts";
import { openSerial } from "./serial-port.ts";
import { openTcp } from "./tcp.ts";

const BAUD = 115200;
/** A board that was just plugged in takes a while. */
const PATIENCE = 8000;

export interface OpenOptions {
  /** Bits a second on serial ports; 115200 by default, as all ESP32 builds have. */
  baud?: number;
  /** Milliseconds until the board counts as silent; 8,000 by default. 0: it need not answer. */
  patience?: number;
}

/** Opens `/dev/tty…`, `COM…` or `tcp://host:port`, whatever is there. */
export async function openConnection(port: string, baud = BAUD): Promise<Connection> {
  return port.startsWith("tcp://") ? openTcp(port) : openSerial(port, baud);
}

/**
 * Opens a board and waits until its interpreter answers; what runs there goes on.
 * @throws BoardError `not-opened` or `silent`, with the usual causes
 */
export async function openBoard(
  port: string | Connection,
  options: OpenOptions = {},
): Promise<Board> {
  const connection = typeof port === "string" ? await openConnection(port, options.baud) : port;
  const board = new Board(connection);
  const { patience = PATIENCE } = options;
  try {
    if (patience > 0) await awaitAnswer(board, patience);
    return board;
  } catch (error) {
    await board.close();
    throw error;
  }
}

/**
 * Waits until a board's interpreter answers.
 * @param patience milliseconds
 * @throws BoardError `silent`, with what the port is likely to be instead
 */
export async function awaitAnswer(board: Board, patience: number): Promise<void> {
  let heard = "";
  const stop = board.onText((text) => {
    if (heard.length < 4096) heard += text;
  });
  try {
    await board.synchronize(patience);
  } catch (error) {
    if (!(error instanceof BoardError) || error.trouble !== "silent") throw error;
    throw new BoardError("silent", explainSilence(board.name, heard), { cause: error });
  } finally {
    stop();
  }
}

/** What a port without an interpreter is likely to be. */
function explainSilence(name: string, heard: string): string {
  const text = `nothing at ${name} answers like Espruino`;
  if (/waiting for download|DOWNLOAD\(/.test(heard)) {
    return `${text}: the chip waits for a download. Let go of its BOOT button and press reset.`;
  }
  if (/invalid header|ets Jun|rst:0x/.test(heard)) {
    return `${text}: the chip starts, but without Espruino. ./flash.sh --interpreter FILE puts it there.`;
  }
  if (/[\x80-\xff]{4}/.test(heard)) return `${text}: what it sends has another baud rate.`;
  if (heard.length > 0) {
    return `${text}, though it sends text: is it another device, or busy? Reset it and try again.`;
  }
  return (
    `${text}: it sends nothing. Is it the board's port, does Espruino run on it ` +
    "(./flash.sh --interpreter FILE puts it there), is its console elsewhere?"
  );
}
