/**
 * A virtual board at the other end of TCP and of a pseudo terminal: questions, files, faults.
 * @module
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import * as esp32 from "../../boards/esp32.ts";
import { ConsoleServer, type VirtualBoard } from "../../host/board/index.ts";
import { seededRandom } from "../../host/faults/random.ts";
import { noPty } from "../../host/modem/pty.ts";
import {
  type Board,
  BoardError,
  EvaluationError,
  fileDigest,
  listFiles,
  type OpenOptions,
  openBoard,
  readFile,
  removeFile,
  writeFile,
} from "../../host/serial/index.ts";
import { closeLater, printed, serve, start } from "../board/started.ts";
import { Wire, type WireOptions } from "./wire.ts";

/** An application that has timers and prints. */
const TICKING = 'setInterval(function(){ticks=global.ticks+1||1;print("tick "+ticks)},20)';

async function overTcp(virtual: VirtualBoard, options?: OpenOptions): Promise<Board> {
  const server = new ConsoleServer(virtual);
  closeLater(server);
  const board = await openBoard(`tcp://127.0.0.1:${await server.listen()}`, options);
  closeLater(board);
  return board;
}

async function overPty(virtual: VirtualBoard, wire: WireOptions = {}): Promise<Board> {
  const line = await Wire.open(virtual, wire);
  closeLater(line);
  const board = await openBoard(line.path);
  closeLater(board);
  return board;
}

async function troubleOf(work: Promise<unknown>): Promise<BoardError> {
  const error = await work.then(
    () => assert.fail("it worked"),
    (thrown) => thrown,
  );
  assert.ok(error instanceof BoardError, String(error));
  return error;
}

const skipPty = noPty() ?? false;

for (const [name, open, skip] of [
  ["TCP", overTcp, false],
  ["a pseudo terminal", overPty, skipPty],
] as const) {
  describe(`over ${name}`, { skip }, () => {
    test("values come as JSON holds them, and the application goes on", async () => {
      const virtual = await start(TICKING, { board: esp32 });
      const board = await open(virtual);
      let text = "";
      board.onText((more) => {
        text += more;
      });
      assert.equal(await board.evaluate("6*7"), 42);
      assert.deepEqual(await board.evaluate('({a:["\\n",null,1.5]})'), { a: ["\n", null, 1.5] });
      assert.equal(await board.evaluate("undefined"), undefined);
      assert.equal(await board.evaluate("print"), undefined);
      assert.equal(await board.evaluate("var kept=5;kept"), 5);
      assert.equal(await board.evaluate("kept"), 5);
      const long = await board.evaluate<string>('"0123456789".repeat(2000)');
      assert.equal(long.length, 20_000);
      const before = await board.evaluate<number>("ticks");
      await printed(virtual, new RegExp(`tick ${before + 2}\r`));
      assert.match(text, /tick \d+\r\n/);
      for (const hidden of ["\x02", "\x03", "\x10", "0123456789", "JSON"]) {
        assert.ok(!text.includes(hidden), "questions and answers do not show");
      }
    });

    test("what throws is told with the board's stack; the next question is answered", async () => {
      const board = await open(await start("", { board: esp32 }));
      await assert.rejects(board.evaluate("nobody.home"), (error) => {
        assert.ok(error instanceof EvaluationError);
        assert.match(error.message, /ReferenceError: .*nobody/);
        assert.match(error.boardStack, /at/);
        return true;
      });
      await assert.rejects(board.evaluate('throw "a text"'), /^EvaluationError: a text$/);
      await assert.rejects(board.evaluate("[1,2"), /SyntaxError/);
      assert.equal(await board.evaluate("1"), 1);
    });

    test("files are written, compared, read and removed", async () => {
      const board = await open(await start("", { board: esp32 }));
      const bytes = randomBytes(5000);
      const seen: number[] = [];
      await writeFile(board, "data", bytes, { onProgress: ({ done }) => seen.push(done) });
      assert.equal(seen.at(-1), 5000);
      assert.deepEqual(await readFile(board, "data"), bytes);
      const script = Buffer.from("print('\"')\n".repeat(300));
      await writeFile(board, "data", script);
      assert.deepEqual(await readFile(board, "data"), script);
      assert.deepEqual(await listFiles(board), [".boot0", "data"]);
      await removeFile(board, "data");
      assert.equal(await readFile(board, "data"), undefined);
      assert.equal(await fileDigest(board, "data"), undefined);
      // A serial port's wire is slow: compressed, unless the interpreter can't decompress.
      const isSlow = name !== "TCP";
      const packed = await writeFile(board, "packed", script);
      assert.equal(packed.sent < script.length / 2, isSlow, `${packed.sent} bytes`);
      assert.deepEqual(await readFile(board, "packed"), script);
      await board.query('process.env.MODULES=process.env.MODULES.replace(",heatshrink","")');
      const plain = await writeFile(board, "plain", script);
      assert.ok(plain.sent > script.length, `${plain.sent} bytes`);
      assert.deepEqual(await readFile(board, "plain"), script);
      for (const bad of ["", "x".repeat(29), "a\n"]) {
        assert.match((await troubleOf(writeFile(board, bad, script))).message, /expected 1 to 28/);
      }
      assert.match((await troubleOf(writeFile(board, "e", Buffer.alloc(0)))).message, /empty/);
      const full = await troubleOf(writeFile(board, "full", Buffer.alloc(1 << 20)));
      assert.equal(full.trouble, "refused");
    });
  });
}

describe("a bad wire", { skip: skipPty }, () => {
  // What can be compressed would be over too soon.
  const random = seededRandom(3);
  const content = Buffer.from(Array.from({ length: 8400 }, () => Math.floor(random() * 256)));

  test("noise and losses are made up for", async () => {
    const random = seededRandom(7);
    let isNoisy = false;
    const spoil = (bytes: string) =>
      [...bytes]
        .map((ch) => {
          if (!isNoisy || random() > 1 / 1500) return ch;
          return random() < 0.5 ? "" : String.fromCharCode(Math.floor(random() * 256));
        })
        .join("");
    const virtual = await start("", { board: esp32 });
    const board = await overPty(virtual, { spoil });
    isNoisy = true;
    const { resent } = await writeFile(board, "data", content);
    assert.ok(resent > 0, "nothing was spoilt");
    isNoisy = false;
    assert.deepEqual(await readFile(board, "data"), content);
  });

  test("a character that is lost around a question is no exception of its code", async () => {
    const virtual = await start("", { board: esp32 });
    let isArmed = false;
    let sent = "";
    const spoil = (bytes: string) =>
      [...bytes]
        .filter((ch) => {
          sent = (sent + ch).slice(-8);
          if (!isArmed || sent !== "eval(_$a") return true;
          isArmed = false;
          return false;
        })
        .join("");
    const board = await overPty(virtual, { spoil });
    isArmed = true;
    assert.equal(await board.query("1+1"), 2);
    assert.ok(!isArmed, "nothing was spoilt");
  });

  test("an interpreter that loses all but the first bytes of a burst gets them in small pieces", async () => {
    const virtual = await start("", { board: esp32 });
    let taken = 0;
    setInterval(() => {
      taken = 0;
    }, 3).unref();
    const spoil = (bytes: string) => {
      const room = Math.max(600 - taken, 0);
      taken += bytes.length;
      return bytes.slice(0, room);
    };
    const board = await overPty(virtual, { spoil });
    await writeFile(board, "data", content.subarray(0, 4000));
    assert.deepEqual(await readFile(board, "data"), content.subarray(0, 4000));
  });

  test("a console that is flooded", async () => {
    const flood = 'setInterval(function(){for(var i=0;i<30;i++)print("flood "+i)},5)';
    const board = await overPty(await start(flood, { board: esp32 }));
    assert.equal(await board.evaluate("6*7"), 42);
    await writeFile(board, "data", content);
    assert.deepEqual(await readFile(board, "data"), content);
  });

  test("half a line that someone left is no obstacle", async () => {
    const virtual = await start("", { board: esp32 });
    virtual.type("print([1,\n2,");
    const board = await overPty(virtual);
    assert.equal(await board.evaluate("6*7"), 42);
  });

  test("unplugged in the middle", async () => {
    const virtual = await start("", { board: esp32 });
    const wire = await Wire.open(virtual);
    const board = await openBoard(wire.path);
    let reason: BoardError | undefined;
    board.onClose((why) => {
      reason = why;
    });
    const error = await troubleOf(
      writeFile(board, "data", content, { onProgress: () => void wire.close() }),
    );
    assert.equal(error.trouble, "lost");
    assert.equal(error.exitCode, 7);
    assert.match(error.message, /unplugged.*run the command again/s);
    assert.equal(reason?.trouble, "lost");
    assert.equal((await troubleOf(board.evaluate("1"))).trouble, "lost");
    const again = await overPty(virtual);
    await writeFile(again, "data", content);
    assert.deepEqual(await readFile(again, "data"), content);
  });
});

describe("a port that can't be used", () => {
  test("in use by another program", { skip: skipPty }, async () => {
    const wire = await Wire.open(await start("", { board: esp32 }));
    closeLater(wire);
    closeLater(await openBoard(wire.path));
    const error = await troubleOf(openBoard(wire.path));
    assert.equal(error.exitCode, 4);
    assert.match(error.message, /in use by another program/);
  });

  test("not there", async () => {
    const error = await troubleOf(openBoard("/dev/ttyUSB99"));
    assert.equal(error.exitCode, 4);
    assert.match(error.message, /\/dev\/ttyUSB99 is not there/);
  });

  test("nobody listens, or no such address", async () => {
    const error = await troubleOf(openBoard("tcp://127.0.0.1:1"));
    assert.equal(error.exitCode, 4);
    assert.match(error.message, /nobody listens/);
    assert.match((await troubleOf(openBoard("tcp://a:b:c"))).message, /expected tcp:\/\/HOST:PORT/);
  });

  test("silent, or no interpreter", async () => {
    for (const [sends, says] of [
      ["", /it sends nothing/],
      ["rst:0x10 (RTCWDT_RTC_RESET)\r\ninvalid header: 0xffffffff\r\n", /without Espruino/],
      ["waiting for download\r\n", /BOOT button/],
      ["\xfe\x81\x90\xf0\xff\xfe", /another baud rate/],
      ["OK\r\n", /another device/],
    ] as const) {
      const port = await serve((socket) => void socket.write(sends, "latin1"));
      const error = await troubleOf(openBoard(`tcp://127.0.0.1:${port}`, { patience: 300 }));
      assert.equal(error.exitCode, 5);
      assert.match(error.message, says);
    }
  });
});
