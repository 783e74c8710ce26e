/**
 * Plays transcripts into the AT channel, the modem's bytes in pieces, and prints what came of it.
 * @module
 */
import { Player } from "../../../../host/transcripts/play.ts";
import { hexToBytes, toHex } from "../../../../src/text/hex.ts";

/** Steps whose texts are in hexadecimal. */
type HexStep =
  | { command: string; prefix: string; payload?: string; raw: boolean }
  | { bytes: string };

const settings: { size: number; transcripts: HexStep[][] } = global.settings;

function playAll(steps: HexStep[], size: number): Player {
  const player = new Player();
  steps.forEach((step) => {
    if ("bytes" in step) {
      const bytes = hexToBytes(step.bytes);
      for (let at = 0; at < bytes.length; at += size)
        player.play({ bytes: bytes.substr(at, size) });
    } else {
      const command: any = {
        command: hexToBytes(step.command),
        prefix: hexToBytes(step.prefix),
        raw: step.raw,
      };
      if (step.payload !== undefined) command.payload = hexToBytes(step.payload);
      player.play(command);
    }
  });
  return player;
}

function start(): void {
  let usage = 0;
  settings.transcripts.forEach((steps, index) => {
    for (const note of playAll(steps, settings.size).end())
      print("note" + index + " " + toHex(note));
    print("end" + index);
    usage = process.memory().usage;
  });
  const player = new Player();
  print("vars " + (process.memory().usage - usage) + " " + player.notes.length);
}

start();
