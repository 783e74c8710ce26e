/**
 * Texts of `+CME ERROR` for AT+CMEE=2 (3GPP TS 27.007 9.2), and the module's own numbers.
 * @module
 */
const texts: Record<number, string> = {
  0: "phone failure",
  3: "operation not allowed",
  4: "operation not supported",
  10: "SIM not inserted",
  11: "SIM PIN required",
  12: "SIM PUK required",
  13: "SIM failure",
  14: "SIM busy",
  15: "SIM wrong",
  16: "incorrect password",
  20: "memory full",
  30: "no network service",
  50: "incorrect parameters",
  58: "invalid command line",
  100: "unknown error",
  403: "no space left",
  405: "file not found",
  407: "file already exist",
  421: "timeout",
};

export const cmeText = (code: number): string => texts[code] ?? String(code);
