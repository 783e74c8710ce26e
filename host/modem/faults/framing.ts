/**
 * F01 to F08, F27, F32 to F35: how bytes come.
 * @module
 */
import {
  ALWAYS,
  ANY,
  beforeResult,
  dataOf,
  drawn,
  type FaultDetail,
  type FaultKind,
  type FaultTarget,
  instead,
  named,
  onAnswer,
  socketOf,
} from "./fault.ts";

/** Cuts all output for a while. */
function cutting(split: (bytes: string, random: () => number) => string[]) {
  return (target: FaultTarget, { ms = 10_000 }: FaultDetail) => {
    const { uart, random, clock } = target;
    const own = (bytes: string) => split(bytes, random);
    uart.split = own;
    const heal = () => {
      if (uart.split === own) uart.split = undefined;
    };
    if (ms > 0) clock.after(ms, heal);
    return heal;
  };
}

const inPieces = (size: number) => (bytes: string) => {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.slice(at, at + size));
  return pieces;
};

function atRandom(bytes: string, random: () => number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + Math.floor(random() * 20);
    pieces.push(bytes.slice(at, at + size));
    at += size;
  }
  return pieces;
}

/** A line that some module might send at any time. */
const STRAY = '\r\n+QIND: "csq",23,99\r\n';

/** Lines with the prefix of an answer, by the command that they come into. */
function twin(name: string, target: FaultTarget): string {
  const radio = target.system?.radio;
  if (name === "+CPIN") return "\r\n+CPIN: READY\r\n";
  if (name === "+CFUN") return "\r\n+CFUN: 1\r\n";
  if (name === "+QIOPEN") return "\r\n+QIOPEN: 11,0\r\n";
  return `\r\n${name}: ${radio?.stat ?? 2}\r\n`;
}

const sends = /^\+Q(I|SSL)SEND$/;
const reads = /^\+Q(IRD|SSLRECV)$/;
const asks = /^\+(CSQ|QCSQ|COPS|QNWINFO|QCCID|CREG|CGREG|CEREG|CPIN|CGATT|QIACT)$/;

const urcOf = (name: string) => (name.startsWith("+QSSL") ? "+QSSLURC" : "+QIURC");

/** What looks like the modem, and is data. */
const NASTY =
  '\r\n> \r\nSEND OK\r\n\r\nOK\r\n\r\nERROR\r\n+QIURC: "closed",0\r\n+QIRD: 9\r\n\x1a\x1b';

function losing(bytes: string, at: number, count: number): string {
  return bytes.slice(0, Math.max(0, at)) + bytes.slice(Math.max(0, at) + count);
}

const fields = (change: (list: string[]) => string[]) => (bytes: string) =>
  bytes.replace(/(\r\n\+[A-Z]+: ?)([^\r]*)(?=\r\n)/, (_, head: string, list: string) => {
    return head + change(list.split(",")).join(",");
  });

export const framingFaults: FaultKind[] = [
  drawn("F01.bytes", "every byte arrives by itself", cutting(inPieces(1))),
  drawn("F01.pairs", "bytes arrive by twos", cutting(inPieces(2))),
  drawn(
    "F01.lines",
    "output is cut between CR and LF",
    cutting((bytes) => bytes.split(/(?<=\r)(?=\n)/)),
  ),
  drawn(
    "F01.prefix",
    "output is cut inside of prefixes",
    cutting((bytes) => bytes.split(/(?<=\+[A-Z]{2})/)),
  ),
  drawn("F01.random", "output is cut at random", cutting(atRandom)),
  drawn("F01.merged", "output is kept back and comes in one piece", (target, { ms = 300 }) => {
    target.uart.hold(ms);
    return undefined;
  }),
  drawn(
    "F02.inside",
    "a stray line between information and result",
    onAnswer(ANY, "final", (bytes, call) =>
      reads.test(call.name) || bytes === "" ? undefined : beforeResult(bytes, STRAY),
    ),
  ),
  drawn(
    "F02.before",
    "a stray line before an answer",
    onAnswer(ANY, "final", (bytes) => STRAY + bytes),
  ),
  drawn(
    "F02.data",
    "a stray line between data and OK",
    onAnswer(reads, "final", (bytes) => (dataOf(bytes) ? beforeResult(bytes, STRAY) : undefined)),
  ),
  drawn(
    "F03.registration",
    "an unsolicited line with the answer's prefix, before the answer",
    onAnswer(/^\+C(|G|E)REG$/, "final", (bytes, call, target) =>
      call.form === "read" ? twin(call.name, target) + bytes : undefined,
    ),
  ),
  drawn(
    "F03.after",
    "an unsolicited line with the answer's prefix, after the answer's line",
    onAnswer(/^\+C(|G|E)REG$/, "final", (bytes, call, target) =>
      call.form === "read" ? beforeResult(bytes, twin(call.name, target)) : undefined,
    ),
  ),
  named(
    "F03.other",
    "the same for +CPIN, +CFUN, +QIOPEN",
    onAnswer(
      /^\+(CPIN|CFUN|QIOPEN)$/,
      "final",
      (bytes, call, target) => twin(call.name, target) + bytes,
    ),
  ),
  drawn(
    "F04.prompt",
    "a recv line between QISEND and its prompt",
    onAnswer(
      sends,
      "prompt",
      (bytes, call) => `\r\n${urcOf(call.name)}: "recv",${call.text(0)}\r\n${bytes}`,
    ),
  ),
  drawn(
    "F04.payload",
    "a recv line between payload and SEND OK",
    onAnswer(
      sends,
      "payload",
      (bytes, call) => `\r\n${urcOf(call.name)}: "recv",${call.text(0)}\r\n${bytes}`,
    ),
  ),
  drawn(
    "F04.closed",
    "the peer closes between payload and SEND OK",
    onAnswer(sends, "payload", (bytes, call, target) => {
      const table = call.name === "+QISEND" ? target.system?.sockets : target.system?.tls;
      const socket = table?.get(Number(call.text(0)));
      if (!socket) return undefined;
      socket.isEnded = true;
      socket.drop();
      return `\r\n${urcOf(call.name)}: "closed",${call.text(0)}\r\n${bytes}`;
    }),
  ),
  named("F05.data", "data that looks like lines of the module", (target, detail) => {
    const { value } = detail;
    socketOf(target, { ...detail, value: undefined })?.take(
      typeof value === "string" ? value : NASTY,
    );
    return undefined;
  }),
  named(
    "F06.push",
    "a push line with data inside of an answer",
    onAnswer(ANY, "final", (bytes, _, __, { value }) => {
      const data = typeof value === "string" ? value : NASTY;
      return beforeResult(bytes, `\r\n+QIURC: "recv",0,${data.length}\r\n${data}`);
    }),
  ),
  drawn("F07.echo", "echo is on again", (target) => {
    if (target.system) target.system.profile.echo = true;
    return undefined;
  }),
  drawn("F07.payload", "echo is on again, that of payloads too", (target) => {
    if (target.system) target.system.profile.echo = true;
    if (target.system) target.system.echoesData = true;
    return undefined;
  }),
  drawn(
    "F08.data",
    "bytes are lost in data",
    onAnswer(reads, "final", (bytes, _, { random }, { value = 5 }) => {
      const data = dataOf(bytes);
      if (!data) return undefined;
      const count = Math.min(Number(value), data.end - data.begin);
      const at = data.begin + Math.floor(random() * (data.end - data.begin - count + 1));
      return losing(bytes, at, count);
    }),
  ),
  drawn(
    "F08.header",
    "bytes are lost in the line before data",
    onAnswer(reads, "final", (bytes, _, __, { value = 3 }) =>
      dataOf(bytes) ? losing(bytes, 4, Number(value)) : undefined,
    ),
  ),
  drawn(
    "F08.result",
    "bytes are lost in a result",
    onAnswer(ANY, "final", (bytes, _, __, { value = 2 }) =>
      bytes.endsWith("OK\r\n") ? losing(bytes, bytes.length - 4, Number(value)) : undefined,
    ),
  ),
  drawn("F08.any", "bytes are lost anywhere", (target, { value = 4, times = 1 }) =>
    target.uart.output.add((bytes) => {
      const at = Math.floor(target.random() * bytes.length);
      return losing(bytes, at, Number(value));
    }, times),
  ),
  drawn("F27.bare", "prompt CR LF >", instead("prompt", "\r\n>", 5)),
  drawn("F27.space", "prompt CR LF > space", instead("prompt", "\r\n> ", 5)),
  drawn("F27.lines", "prompt CR LF > CR LF", instead("prompt", "\r\n>\r\n", 5)),
  drawn("F27.alone", "prompt > by itself", instead("prompt", ">", 5)),
  drawn("F32.space", "no space in +CME ERROR:49", instead("cme", "no space", 5)),
  drawn("F32.text", "texts in place of numbers", instead("cme", "text", 5)),
  drawn("F32.number", "numbers in place of texts", instead("cme", "number", 5)),
  drawn(
    "F33.spaces",
    "more spaces in information lines",
    onAnswer(asks, "final", (bytes) => fields((list) => list.map((one) => ` ${one}`))(bytes)),
  ),
  drawn(
    "F33.quoted",
    "quotes around numbers",
    onAnswer(/^\+(CSQ|COPS|QNWINFO)$/, "final", (bytes) =>
      fields((list) => list.map((one) => (/^\d+$/.test(one) ? `"${one}"` : one)))(bytes),
    ),
  ),
  drawn(
    "F33.missing",
    "the last field is missing",
    onAnswer(/^\+(CSQ|COPS|QNWINFO|QCSQ)$/, "final", (bytes) =>
      fields((list) => list.slice(0, -1))(bytes),
    ),
  ),
  named("F33.iccid", "an ICCID that ends in F", instead("iccid", "8986000000000000000F")),
  drawn(
    "F34.long",
    "a kilobyte of other lines in an answer",
    onAnswer(ANY, "final", (bytes, call) => {
      if (reads.test(call.name)) return undefined;
      let rows = "";
      for (let id = 0; rows.length < 1100; id = (id + 1) % 12) {
        rows += `\r\n+QISTATE: ${id},"TCP","192.0.2.${id}",1883,2274${id},2,1,${id},0,"uart1"\r\n`;
      }
      return beforeResult(bytes, rows);
    }),
  ),
  drawn(
    "F35.compact",
    "no blank line before the result",
    onAnswer(
      ANY,
      "final",
      (bytes, call) =>
        reads.test(call.name) ? undefined : bytes.replace(/\r\n(\r\n[^\r\n]+\r\n)$/, "$1"),
      20,
    ),
  ),
  named(
    "F35.always",
    "no blank line before any result",
    onAnswer(
      ANY,
      "final",
      (bytes, call) =>
        reads.test(call.name) ? undefined : bytes.replace(/\r\n(\r\n[^\r\n]+\r\n)$/, "$1"),
      ALWAYS,
    ),
  ),
];
