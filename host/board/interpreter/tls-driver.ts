/**
 * TLS above a network, whichever it is: that network carries records only. The handshake begins
 * with the first turn and holds up what is to be sent; nothing of the server is verified.
 * @module
 */
import {
  type NetworkDriver,
  socketErrors,
  socketTypes,
  type TlsChannel,
  type TlsOptions,
} from "./host.ts";

const recordHeaderBytes = 5;
const alertRecord = 21;
/** What the interpreter's TLS library answers when the peer says goodbye. */
const closeNotify = -0x7880;

interface Secured {
  channel: TlsChannel;
  /** What has come of the record that is being read, and the bytes that it lacks. */
  record: string;
  wanted: number;
  lastType: number;
  /** Bytes to go of the record that is being sent. */
  sending: number;
  /** Bytes of the script's that are on their way; they count as sent when all went out. */
  underWay: number;
  /** Why the network ended, negative. */
  ended: number;
  failure: string | undefined;
}

/**
 * The network with TLS above it.
 * @param open makes the TLS of one connection; throws where there is none
 */
export function tlsDriver(
  network: NetworkDriver,
  open: (options: TlsOptions) => TlsChannel,
): NetworkDriver {
  const all = new Map<number, Secured>();

  const fail = (secured: Secured, code: number) => {
    secured.failure = `mbedtls_ssl_handshake returned -0x${code.toString(16)}`;
  };
  /** The network ended; what came before is still to be understood. */
  const lose = (secured: Secured, error: number) => {
    secured.ended = error;
    secured.channel.end();
  };
  const failed = (secured: Secured) => secured.failure !== undefined;

  /** Sends what is ready, record by record. */
  const flush = (id: number, secured: Secured) => {
    const { channel } = secured;
    while (channel.outgoing !== "" && secured.ended === 0) {
      if (secured.sending === 0)
        secured.sending =
          recordHeaderBytes + channel.outgoing.charCodeAt(3) * 256 + channel.outgoing.charCodeAt(4);
      const part = channel.outgoing.slice(0, secured.sending);
      const sent = network.send(id, part, socketTypes.tls);
      if (sent < 0) lose(secured, sent);
      if (sent <= 0) return;
      channel.outgoing = channel.outgoing.slice(sent);
      secured.sending -= sent;
    }
  };

  /** Reads a record's head and then its rest: no more is asked for at a time. */
  const read = (id: number, secured: Secured) => {
    const { channel } = secured;
    while (secured.ended === 0 && channel.received === "") {
      const part = network.receive(id, secured.wanted, socketTypes.tls);
      if (typeof part === "number") lose(secured, part);
      if (typeof part === "number" || part === "") return;
      channel.arrive(part);
      secured.record += part;
      secured.wanted -= part.length;
      if (secured.wanted > 0) continue;
      const { record } = secured;
      if (record.length === recordHeaderBytes) {
        secured.lastType = record.charCodeAt(0);
        secured.wanted = record.charCodeAt(3) * 256 + record.charCodeAt(4);
        if (secured.wanted > 0) continue;
      }
      secured.record = "";
      secured.wanted = recordHeaderBytes;
      // The record has to be understood first.
      if (channel.isSecure) return;
    }
  };

  const step = (id: number, secured: Secured) => {
    if (failed(secured)) return;
    const { channel } = secured;
    flush(id, secured);
    if (!channel.hasEnded && channel.failure === undefined) read(id, secured);
    if (channel.isSecure) return;
    if (channel.failure !== undefined) fail(secured, channel.failure);
    else if (channel.hasEnded) fail(secured, -(secured.ended || closeNotify));
  };

  return {
    get isPolled() {
      return network.isPolled === true;
    },
    create: (host, port, type, options, given) => {
      const id = network.create(host, port, type, options, given);
      if (typeof id !== "number" || id < 0 || !(type & socketTypes.tls)) return id;
      all.set(id, {
        channel: open(options ?? {}),
        record: "",
        wanted: recordHeaderBytes,
        lastType: 0,
        sending: 0,
        underWay: 0,
        ended: 0,
        failure: undefined,
      });
      return id;
    },
    receive: (id, max, type) => {
      const secured = all.get(id);
      if (!secured) return network.receive(id, max, type);
      step(id, secured);
      const { channel } = secured;
      if (failed(secured)) return socketErrors.closed;
      if (!channel.isSecure) return "";
      if (channel.received !== "") {
        const part = channel.received.slice(0, max);
        channel.received = channel.received.slice(part.length);
        return part;
      }
      if (channel.hasEnded && secured.lastType === alertRecord) return closeNotify;
      if (!channel.hasEnded && channel.failure === undefined) return "";
      return secured.ended || socketErrors.closed;
    },
    send: (id, bytes, type) => {
      const secured = all.get(id);
      if (!secured) return network.send(id, bytes, type);
      step(id, secured);
      const { channel } = secured;
      if (failed(secured)) return socketErrors.closed;
      if (!channel.isSecure) return 0;
      if (secured.ended < 0) return secured.ended;
      if (secured.underWay === 0) {
        channel.write(bytes);
        secured.underWay = bytes.length;
        flush(id, secured);
      }
      if (channel.unwritten > 0 || channel.outgoing !== "") return 0;
      const sent = secured.underWay;
      secured.underWay = 0;
      return sent;
    },
    close: (id) => {
      all.get(id)?.channel.close();
      all.delete(id);
      network.close(id);
    },
    accept: (id) => network.accept(id),
    failure: (id) => all.get(id)?.failure,
  };
}
