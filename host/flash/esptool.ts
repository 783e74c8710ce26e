/**
 * Puts Espruino itself on an ESP32 by Espressif's `esptool`.
 * @module
 */
import { type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { findProgram } from "../board/find-interpreter.ts";

/** What `esptool` is told for one family of chips. */
interface Chip {
  name: string;
  /** Address of the boot loader: the classic chip leaves room before it. */
  bootLoader: number;
  frequency: string;
  baud: number;
}

/** By `process.env.BOARD` of the interpreter to be written. */
const CHIPS: Record<string, Chip> = {
  ESP32: { name: "esp32", bootLoader: 0x1000, frequency: "40m", baud: 921600 },
  ESP32C3_IDF4: { name: "esp32c3", bootLoader: 0, frequency: "80m", baud: 460800 },
  ESP32S3_IDF4: { name: "esp32s3", bootLoader: 0, frequency: "80m", baud: 921600 },
};
/** The same in both partition tables: that of the classic chip, and that of C3 and S3. */
const TABLE = 0x8000;
const PROGRAM = 0x10000;
const TABLE_FILES = ["partitions_espruino.bin", "partition-table.bin"];

/** `esptool` is missing or failed, or the files to write are. */
export class InterpreterError extends Error {
  readonly exitCode = 9;
}

/** The three files of a release. */
interface Release {
  bootLoader: string;
  table: string;
  program: string;
}

export interface InterpreterOptions {
  /** `process.env.BOARD` of the board file. */
  interpreter: string;
  /** Serial port. */
  port: string;
  /** A release: its `.tgz`, its folder, or its program `.bin` with the two others beside it. */
  file: string;
  /** Erase the whole flash first. */
  erase: boolean;
  /** Hears what is run. */
  tell(text: string): void;
}

/**
 * Writes boot loader, partition table and interpreter; `esptool`'s own output goes to this process's
 * standard error.
 * @throws InterpreterError
 */
export async function writeInterpreter(options: InterpreterOptions): Promise<void> {
  const chip = CHIPS[options.interpreter];
  if (!chip) {
    throw new InterpreterError(
      `--interpreter: no addresses are known for ${options.interpreter}, only for ${Object.keys(CHIPS).join(", ")}`,
    );
  }
  if (options.port.startsWith("tcp://")) {
    throw new InterpreterError("--interpreter: expected a serial port, esptool can't use TCP");
  }
  if (!existsSync(options.file)) {
    throw new InterpreterError(`--interpreter ${options.file}: no such file or folder`);
  }
  const command = findEsptool();
  const unpacked = mkdtempSync(join(tmpdir(), "espruino-"));
  try {
    const release = openRelease(options.file, unpacked);
    const to = [...command.slice(1), "--chip", chip.name, "--port", options.port];
    const run = async (what: string, args: string[]) => {
      options.tell(what);
      await runTool(command[0] as string, [...to, "--baud", String(chip.baud), ...args]);
    };
    if (options.erase) await run("erasing the chip's flash", ["erase_flash"]);
    await run(`writing ${basename(release.program)}`, [
      ...["--after", "hard_reset", "write_flash", "-z", "--flash_mode", "dio"],
      ...["--flash_freq", chip.frequency, "--flash_size", "detect"],
      ...[hex(chip.bootLoader), release.bootLoader],
      ...[hex(TABLE), release.table],
      ...[hex(PROGRAM), release.program],
    ]);
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

/** Program and first arguments. */
function findEsptool(): string[] {
  const names = process.platform === "win32" ? ["esptool.exe"] : ["esptool", "esptool.py"];
  for (const name of names) {
    const found = findProgram("ESPTOOL", name);
    if (found) return [found];
  }
  const python = process.platform === "win32" ? "python.exe" : "python3";
  const probe = spawnSync(python, ["-c", "import esptool"], { stdio: "ignore" });
  if (probe.status === 0) return [python, "-m", "esptool"];
  throw new InterpreterError(
    "--interpreter needs Espressif's esptool, which is not on the PATH (nor in $ESPTOOL):\n" +
      "  pipx install esptool      (or: python3 -m pip install --user esptool)",
  );
}

/** Finds the files of a release; an archive is unpacked to `folder`. */
function openRelease(file: string, folder: string): Release {
  if (statSync(file).isDirectory()) return releaseIn(file);
  if (/\.(tgz|tar\.gz|zip)$/.test(file)) {
    const { status, error } = spawnSync("tar", ["-xf", file, "-C", folder], { stdio: "ignore" });
    if (status === 0) return releaseIn(folder);
    throw new InterpreterError(
      `--interpreter ${file}: can't be unpacked${error ? `: ${error.message}` : ""}`,
    );
  }
  if (file.endsWith(".bin")) return releaseIn(dirname(file), file);
  throw new InterpreterError(
    `--interpreter ${file}: expected a release's .tgz, its folder, or the .bin in it`,
  );
}

function releaseIn(folder: string, named?: string): Release {
  const files = (readdirSync(folder, { recursive: !named }) as string[]).map((name) =>
    join(folder, name),
  );
  const find = (test: (name: string) => boolean) => files.find((file) => test(basename(file)));
  const bootLoader = find((name) => name === "bootloader.bin");
  const table = find((name) => TABLE_FILES.includes(name));
  const program = named ?? find((name) => /^espruino.*\.bin$/.test(name));
  if (bootLoader && table && program) return { bootLoader, table, program };
  const missing = [
    ...(bootLoader ? [] : ["bootloader.bin"]),
    ...(table ? [] : [TABLE_FILES.join(" or ")]),
    ...(program ? [] : ["espruino_….bin"]),
  ];
  throw new InterpreterError(
    `--interpreter: ${missing.join(", ")} missing in ${folder}. A release's .tgz from espruino.com/Download has all three.`,
  );
}

function runTool(program: string, args: string[]): Promise<void> {
  const options: SpawnOptions = { stdio: ["ignore", 2, 2] };
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, options);
    child.on("error", (error) => reject(new InterpreterError(`${program}: ${error.message}`)));
    child.on("close", (code) => {
      if (code === 0) return resolve();
      reject(
        new InterpreterError(
          `esptool ended with code ${code}. Usual causes: another program uses the port; the chip does ` +
            "not enter its download mode (hold BOOT, press reset, run this again); it is another chip.",
        ),
      );
    });
  });
}
