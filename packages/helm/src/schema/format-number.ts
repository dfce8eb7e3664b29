// SPDX-License-Identifier: Apache-2.0

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
  "-": "⁻",
};

/** An integer with commas between thousands. */
export function groupDigits(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/**
 * A number as golang.org/x/text prints it in English: commas between thousands, and powers of ten from a million on.
 *
 * @example formatNumber(1234.5) // 1,234.5
 */
export function formatNumber(value: number): string {
  if (value === 0) return "0";
  const [digits = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) {
    const [whole = "", fraction] = String(value).split(".");
    return `${whole.replace(/\B(?=(?:\d{3})+$)/g, ",")}${fraction === undefined ? "" : `.${fraction}`}`;
  }
  const shown = `${exponent < 0 ? "-" : ""}${String(Math.abs(exponent)).padStart(2, "0")}`;
  return `${digits}×10${Array.from(shown, (char) => SUPERSCRIPTS[char] ?? char).join("")}`;
}
