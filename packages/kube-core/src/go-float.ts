// SPDX-License-Identifier: Apache-2.0

/** A float as Go's `%v` prints it: the shortest digits, an exponent below 1e-4 and from 1e21. */
export function goFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const size = Math.abs(value);
  if (size === 0) return Object.is(value, -0) ? "-0" : "0";
  if (size >= 1e-4 && size < 1e21) return String(value);
  return withGoExponent(value.toExponential());
}

/** `1e-7` → `1e-07`: Go writes two digits at least. */
function withGoExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}
