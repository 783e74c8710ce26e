/**
 * The figures that the README shows, in both of its languages: a table between two marks, written from
 * what is kept of the benches.
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { inProject } from "../../host/build/project.ts";
import type { Results } from "./results.ts";
import { isOver, type Row, rounded } from "./row.ts";

export type Language = "en" | "zh";

/** A row of a bench, and what it is for those who use the firmware. */
interface Figure {
  bench: string;
  what: string;
  en: string;
  zh: string;
}

/** In the table's order. A row that nobody has measured yet is left out. */
export const FIGURES: Figure[] = [
  {
    bench: "size",
    what: "esp32, least application",
    en: "bundle for `esp32`, least application",
    zh: "`esp32` 的脚本，最小应用",
  },
  {
    bench: "size",
    what: "esp32-ec600n, least application",
    en: "the same with a modem's driver (`esp32-ec600n`)",
    zh: "同上，带模组驱动（`esp32-ec600n`）",
  },
  {
    bench: "size",
    what: "esp32, sample application",
    en: "bundle for `esp32`, sample application, updates included",
    zh: "`esp32` 的脚本，示例应用，含升级功能",
  },
  {
    bench: "memory",
    what: "linux: least application, connected",
    en: "variables, connected, least application",
    zh: "联网后的变量，最小应用",
  },
  {
    bench: "memory",
    what: "linux: sample application, connected",
    en: "variables, connected, sample application",
    zh: "联网后的变量，示例应用",
  },
  {
    bench: "memory",
    what: "linux: sample application, more while it reports",
    en: "a report, above that, while it runs",
    zh: "上报进行时另需",
  },
  {
    bench: "memory",
    what: "32-bit: sample application, more in an update over HTTP",
    en: "an update, above that, while it runs",
    zh: "升级进行时另需",
  },
  {
    bench: "memory",
    what: "linux: sample application, more after 10000 reports and 100 reconnects than after ten",
    en: "more of them after 10,000 reports and 100 reconnects",
    zh: "上报 10,000 次、重连 100 次后增加",
  },
  {
    bench: "instructions",
    what: "report of two values until its reply",
    en: "a report of two values until its reply",
    zh: "上报两个值，直到收到答复",
  },
  {
    bench: "instructions",
    what: "idle second, connected",
    en: "a second in which nothing happens, connected",
    zh: "联网后空闲一秒",
  },
  {
    bench: "ota",
    what: "32-bit: HTTP into flash, to the least loop",
    en: "download of an update of 64 KB, to the least loop that writes the flash",
    zh: "下载 64 KB 的升级包，与只写闪存的最小循环相比",
  },
  {
    bench: "ota",
    what: "32-bit: HTTP: written of an image",
    en: "bytes that it writes to the flash",
    zh: "写入闪存的字节",
  },
  {
    bench: "serial",
    what: "virtual board: compressed",
    en: "an image by cable at 115200 baud, to the wire's limit uncompressed",
    zh: "以 115200 波特经数据线发送镜像，与不压缩时线路的极限相比",
  },
];

const WORDS = {
  en: { head: ["measured", "least possible", "budget", "from"], missed: "**missed**" },
  zh: { head: ["实测", "理论最小值", "预算", "来自"], missed: "**未达到**" },
};

const UNITS: Record<string, string> = {
  bytes: "字节",
  JsVars: "个变量",
  "M instructions": "百万条指令",
  "k instructions": "千条指令",
  s: "秒",
  ms: "毫秒",
};

const files: Record<Language, string> = { en: "README.md", zh: "README.zh.md" };

const BEGIN = "<!-- figures: written by the benches -->\n";
const END = "<!-- end of figures -->";

const show = (value: number | string) =>
  typeof value === "number" ? value.toLocaleString("en", { maximumFractionDigits: 3 }) : value;

function unitOf({ unit }: Row, language: Language): string {
  if (language === "en") return unit === "JsVars" ? "variables" : unit;
  return UNITS[unit] ?? unit;
}

function budget({ most, mostTimes }: Row): string {
  const limits = [
    ...(most === undefined ? [] : [`≤ ${show(most)}`]),
    ...(mostTimes === undefined ? [] : [`≤ ${show(rounded(mostTimes))} ×`]),
  ];
  return limits.join(", ");
}

/** The table, with the line break at its end. */
export function figuresTable(results: Results, language: Language): string {
  const { head, missed } = WORDS[language];
  const lines = FIGURES.flatMap((figure) => {
    const row = results[figure.bench]?.rows.find(({ what }) => what === figure.what);
    if (row === undefined) return [];
    const limits = [...(budget(row) ? [budget(row)] : []), ...(isOver(row) ? [missed] : [])];
    return [
      [
        figure[language],
        `${show(row.value)} ${unitOf(row, language)}`.trim(),
        row.floor === undefined ? "" : show(row.floor),
        limits.join(" "),
        `\`npm run bench -- ${figure.bench}\``,
      ],
    ];
  });
  const cells = [["", ...head], ["", ...head].map(() => "---"), ...lines];
  return `${cells.map((line) => `| ${line.join(" | ")} |`).join("\n")}\n`;
}

/** A document with its table replaced. Throws an Error where it has no place for one. */
export function withFigures(text: string, table: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`no place for figures: expected ${BEGIN}… ${END}`);
  return `${text.slice(0, begin + BEGIN.length)}\n${table}\n${text.slice(end)}`;
}

/** The README in a language, as it is and as it has to be. */
export function readme(results: Results, language: Language): { is: string; shall: string } {
  const is = readFileSync(inProject(files[language]), "utf8");
  return { is, shall: withFigures(is, figuresTable(results, language)) };
}

/** Writes the tables of both where they differ. */
export function writeFigures(results: Results): void {
  for (const language of ["en", "zh"] as const) {
    const { is, shall } = readme(results, language);
    if (is !== shall) writeFileSync(inProject(files[language]), shall);
  }
}
