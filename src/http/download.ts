/**
 * Downloads one file over HTTP or HTTPS into a sink. It goes on after every break, asking for the
 * rest only (`Range`), and gives up when too many tries in a row bring no new byte. An own client,
 * for the interpreter's can't be ended and takes a body that is too short for a whole one. Nothing
 * of the body is kept: each piece goes to the sink as it comes. Where a server ignores `Range`, what
 * the sink has already passes by unused.
 * @module
 */
import { device } from "#board";
import { logInfo, logWarn } from "../debug/log.ts";
import { Connection } from "../link/connection.ts";
import { link } from "../link/index.ts";
import {
  type Address,
  describeAddress,
  dialer,
  followAddress,
  parseAddress,
  requestText,
} from "./address.ts";
import {
  bodyFault,
  explainStatus,
  isPassing,
  isRedirect,
  parseResponse,
  type Response,
} from "./response.ts";
import { type DownloadFailure, type DownloadOwner, REWIND, type Sink } from "./sink.ts";

const PART = "http";
/** Bytes of a response's head. */
const LONGEST_HEAD = 4096;
const MOST_REDIRECTS = 5;

/** Limits; times in ms. */
export const HTTP_LIMITS = {
  /** Pause after a break: the first, doubling up to the longest. */
  firstPause: 1000,
  longestPause: 60000,
  /** Share by which a pause is lengthened or shortened at random. */
  jitter: 0.3,
  /** Tries in a row that bring no new byte. */
  tries: 8,
  /** Without a byte for so long, a connection is given up. */
  silence: 20000,
  /** Between looks at a link that is down, which does not count as a try. */
  linkPause: 1000,
};

/** Looks at a connection within `silence`: one timer serves all its pieces. */
const LOOKS = 4;

export class HttpDownload {
  // Not set from the start, for each member that is takes memory.
  /** Where a redirect led. */
  private location: string | undefined;
  /** Redirects in a row. */
  private redirects: number | undefined;
  /** The server answers ranges wrongly: ask for the whole file. */
  private whole: boolean | undefined;
  /** The head of the response as far as it is there, where it is cut. */
  private head: string | undefined;
  private connection: Connection | null = null;
  private timer = 0;
  private stopped: boolean | undefined;
  /** Tries in a row without a new byte. */
  private tries = 0;
  /** Bytes that the sink is still to get; -1 while the head comes. */
  private left = -1;
  /** Bytes before them that the sink has already. */
  private skip = 0;
  /** Looks at the connection since its last byte; what was missing then. */
  private silent = 0;
  private missing = 0;
  /** The sink's position when the present try began. */
  private from = 0;

  /**
   * @param url `http://` or `https://`, used unchanged; its query is never logged
   * @param owner hears of the end
   */
  constructor(
    private readonly url: string,
    private readonly sink: Sink,
    private readonly owner: DownloadOwner,
  ) {}

  /** Starts at `sink.position`. Nothing is called back before it returns. */
  start(): void {
    this.later(0);
  }

  /** Ends it at once; the owner does not hear of it. */
  stop(): void {
    this.stopped = true;
    this.close();
  }

  /** The timer's call: looks at the connection, or makes one. */
  onTime(): void {
    this.timer = 0;
    if (!this.connection) this.connect();
    else if (!link.isUp) this.broken("the link is down");
    else {
      const missing = this.left + this.skip;
      if (missing !== this.missing) this.silent = 0;
      this.missing = missing;
      if (++this.silent < LOOKS) this.later(HTTP_LIMITS.silence / LOOKS);
      else this.broken("nothing came for " + HTTP_LIMITS.silence / 1000 + " s");
    }
  }

  /** Where the file is said to be now; throws as `parseAddress`. */
  private get address(): Address {
    return parseAddress(this.location || this.url);
  }

  private later(ms: number): void {
    this.timer = setTimeout(onTime, ms, this);
  }

  private connect(): void {
    if (this.sink.position >= this.sink.size) {
      this.end(null);
      return;
    }
    if (!link.isUp) {
      this.later(HTTP_LIMITS.linkPause);
      return;
    }
    let address: Address;
    try {
      address = this.address;
      if (address.tls && !device.tls) throw new Error("this board has no TLS: http:// is expected");
    } catch (error) {
      this.fail((error as Error).message);
      return;
    }
    this.silent = 0;
    this.from = this.sink.position;
    this.connection = new Connection(this);
    try {
      // Blocks until the connection is there.
      this.connection.open(dialer(address.tls, address.host, address.port));
    } catch (error) {
      this.broken("no connection to " + address.host + ": " + (error as Error).message);
      return;
    }
    this.later(HTTP_LIMITS.silence / LOOKS);
  }

  onOpen(): void {
    const address = this.address;
    const from = this.whole ? 0 : this.sink.position;
    logInfo(PART, "GET " + describeAddress(address) + " from byte " + from);
    (this.connection as Connection).write(requestText(address, from));
  }

  onDrain(): void {}

  onClose(reason: string): void {
    this.connection = null;
    this.broken("the connection was closed" + (reason ? ": " + reason : ""));
  }

  onData(bytes: string): void {
    const rest = this.left - bytes.length;
    if (rest > 0 && !this.skip) {
      // Nearly every piece.
      this.left = rest;
      const result = this.sink.accept(bytes);
      if (result) this.taken(result);
      return;
    }
    if (this.left < 0) {
      this.silent = 0;
      bytes = this.takeHead(bytes);
      if (this.left < 0) return;
    }
    if (this.skip || bytes.length > this.left) {
      const skipped = Math.min(this.skip, bytes.length);
      this.skip -= skipped;
      bytes = bytes.substr(skipped, this.left);
    }
    this.left -= bytes.length;
    if (bytes) this.taken(this.sink.accept(bytes));
  }

  /** Goes on as the sink says. */
  private taken(result: number): void {
    if (this.stopped) return;
    if (result === REWIND) {
      this.tries = -1;
      this.again();
    } else if (result || !this.left) this.end(null);
  }

  /** Takes bytes of the head; gives those of the body that follow. */
  private takeHead(bytes: string): string {
    if (this.head) bytes = this.head + bytes;
    const end = bytes.indexOf("\r\n\r\n");
    // The interpreter also finds the beginning of what is sought at the text's end.
    if (end < 0 || end + 4 > bytes.length) {
      this.head = bytes;
      if (bytes.length > LONGEST_HEAD) {
        this.fail("the answer is no HTTP: its head has more than " + LONGEST_HEAD + " bytes");
      }
      return "";
    }
    this.head = undefined;
    const response = parseResponse(bytes, end);
    if (!response) this.fail("the answer is no HTTP/1.1");
    else if (response.status === 200 || response.status === 206) this.judge(response);
    else this.turnedDown(response);
    return bytes.substr(end + 4);
  }

  /** Sets `left` and `skip` when the body is what was asked for. */
  private judge(response: Response): void {
    const bytes = response.total < 0 ? response.length : response.total;
    if (this.sink.announced && bytes >= 0) this.sink.announced(bytes);
    const size = this.sink.size;
    const position = this.sink.position;
    const asked = this.whole ? 0 : position;
    const isPart = response.status === 206;
    if (isPart && response.from !== asked) {
      this.whole = true;
      this.broken("the server sends from byte " + response.from + " on, asked for " + asked);
      return;
    }
    const begin = isPart ? asked : 0;
    const fault = bodyFault(response, size, size - begin);
    if (fault) {
      this.fail(fault);
      return;
    }
    if (begin < position) logWarn(PART, "the server sends what is there already");
    this.skip = position - begin;
    this.left = size - position;
  }

  /** An answer without the file. */
  private turnedDown(response: Response): void {
    const status = response.status;
    const text = "HTTP " + status + " from " + this.address.host;
    if (isPassing(response)) {
      this.broken(text);
      return;
    }
    if (!isRedirect(response)) {
      this.fail(text + ": " + explainStatus(status), status === 403);
      return;
    }
    this.redirects = (this.redirects || 0) + 1;
    if (this.redirects > MOST_REDIRECTS) {
      this.fail("more than " + MOST_REDIRECTS + " redirects");
      return;
    }
    try {
      this.location = followAddress(this.location || this.url, response.location);
      parseAddress(this.location);
    } catch (error) {
      this.fail(text + ": redirect: " + (error as Error).message);
      return;
    }
    this.again();
  }

  /** Asks anew at once. */
  private again(): void {
    this.close();
    this.later(0);
  }

  /** The connection brings nothing more: tries again later, if there is any sense in it. */
  private broken(reason: string): void {
    const limits = HTTP_LIMITS;
    this.close();
    // A redirect may lead elsewhere the next time.
    this.location = undefined;
    this.redirects = undefined;
    if (!link.isUp) {
      this.later(limits.linkPause);
      return;
    }
    if (this.sink.position > this.from) this.tries = -1;
    if (++this.tries >= limits.tries) {
      this.fail("given up after " + limits.tries + " tries: " + reason);
      return;
    }
    logWarn(PART, "at byte " + this.sink.position + ": " + reason);
    const pause = Math.min(limits.firstPause << this.tries, limits.longestPause);
    this.later(pause * (1 + limits.jitter * (2 * Math.random() - 1)));
  }

  private fail(text: string, expired = false): void {
    this.end({ text: text, expired: expired });
  }

  private end(failure: DownloadFailure | null): void {
    this.stop();
    this.owner.downloaded(failure);
  }

  private close(): void {
    if (this.connection) this.connection.close();
    this.connection = null;
    this.head = undefined;
    this.left = -1;
    if (this.timer) clearTimeout(this.timer);
    this.timer = 0;
  }
}

/** Not a closure of a method, which would hold all that the method holds. */
function onTime(download: HttpDownload): void {
  download.onTime();
}
