// SPDX-License-Identifier: Apache-2.0

/**
 * The text of a number after a round through Go's JSON and YAML, as sigs.k8s.io/yaml makes: a whole number that fits in
 * 64 bits in decimal, everything else as {@link formatGoFloat}.
 */
export function formatGoNumber(value: number): string {
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? "0" : String(value);
  if (Number.isInteger(value) && value < 18446744073709551616 && value >= -9223372036854775808) return BigInt(value).toString();
  return formatGoFloat(value);
}

/** `strconv.FormatFloat(value, 'g', -1, 64)`, with `.inf`, `-.inf` and `.nan` as YAML spells them. */
export function formatGoFloat(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
