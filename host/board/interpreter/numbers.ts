/**
 * Numbers as text, with the interpreter's precision: integers exactly, fractions to 11 digits that
 * are cut, not rounded.
 * @module
 */

const nearInteger = 1e-7;
const fractionDigits = 11;

function scale(value: number): { value: number; exponent: number } {
  let exponent = 0;
  if (value >= 1e21) {
    for (; value > 100000; exponent += 5) value /= 100000;
    for (; value > 10; exponent++) value /= 10;
  } else if (value > 0 && value < 1e-6) {
    for (; value < 1e-5; exponent -= 5) value *= 100000;
    for (; value < 1; exponent--) value *= 10;
  }
  return { value, exponent };
}

/** A number's text. */
export function numberText(number: number): string {
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number < 0 ? "-Infinity" : "Infinity";
  if (Number.isSafeInteger(number)) return String(number + 0);
  const sign = number < 0 ? "-" : "";
  let { value, exponent } = scale(Math.abs(number));
  if (Math.floor(value + nearInteger) === Math.floor(value) + 1) value = Math.floor(value) + 1;
  const whole = Math.floor(value);
  let text = sign + BigInt(whole).toString();
  let rest = (value - whole) * 10;
  let digits = "";
  while (digits.length < fractionDigits && rest > nearInteger) {
    const digit = Math.floor(rest + 1e-8);
    rest = (rest - digit) * 10;
    digits += Math.min(digit, 9);
  }
  if (digits !== "") text += `.${digits}`;
  if (exponent !== 0) text += `e${exponent > 0 ? "+" : ""}${exponent}`;
  return text;
}
