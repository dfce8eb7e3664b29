// SPDX-License-Identifier: Apache-2.0

interface Exact {
  readonly mantissa: bigint;
  readonly exponent: number;
}

/** A finite, non-negative number as mantissa × 2^exponent, exactly. */
function decompose(value: number): Exact {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return exponent === 0 ? { mantissa: fraction, exponent: -1074 } : { mantissa: fraction | 0x10000000000000n, exponent: exponent - 1075 };
}

/** value × 10^power as an integer, halves to even. */
function scale(value: number, power: number): bigint {
  const { mantissa, exponent } = decompose(value);
  let numerator = mantissa * (power > 0 ? 10n ** BigInt(power) : 1n);
  let denominator = power < 0 ? 10n ** BigInt(-power) : 1n;
  if (exponent > 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  const quotient = numerator / denominator;
  const twice = 2n * (numerator - quotient * denominator);
  return twice > denominator || (twice === denominator && (quotient & 1n) === 1n) ? quotient + 1n : quotient;
}

function withExponent(digits: string, exponent: number): string {
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function fixed(digits: string, exponent: number): string {
  const point = exponent + 1;
  if (point <= 0) return `0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return digits + "0".repeat(point - digits.length);
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** The shortest digits that read back as the value, and the power of ten of the first. */
function shortest(value: number): { readonly digits: string; readonly exponent: number } {
  const [mantissa = "0", exponent = "0"] = value.toExponential().split("e");
  return { digits: mantissa.replace(".", ""), exponent: Number(exponent) };
}

/** The value rounded to a count of significant digits. */
function significant(value: number, count: number): { readonly digits: string; readonly exponent: number } {
  if (value === 0) return { digits: "0".repeat(count), exponent: 0 };
  let { exponent } = shortest(value);
  let digits = scale(value, count - 1 - exponent).toString();
  if (digits.length > count) {
    exponent++;
    digits = digits.slice(0, count);
  }
  return { digits, exponent };
}

function hexadecimal(value: number, precision: number): string {
  if (value === 0) return precision > 0 ? `0x0.${"0".repeat(precision)}p+00` : "0x0p+00";
  const { mantissa, exponent } = decompose(value);
  const top = mantissa.toString(2).length - 1;
  let power = exponent + top;
  // 52 bits behind the point.
  let bits = (mantissa << 60n) >> BigInt(top + 8);
  if (precision >= 0 && precision < 13) {
    const drop = BigInt(4 * (13 - precision));
    const half = 1n << (drop - 1n);
    const rest = bits & ((1n << drop) - 1n);
    bits >>= drop;
    if (rest > half || (rest === half && (bits & 1n) === 1n)) bits += 1n;
    bits <<= drop;
    if (bits >> 53n !== 0n) {
      bits >>= 1n;
      power++;
    }
  }
  let fraction = (bits & 0xfffffffffffffn).toString(16).padStart(13, "0");
  fraction = precision < 0 ? fraction.replace(/0+$/, "") : fraction.padEnd(precision, "0").slice(0, precision);
  return `0x1${fraction === "" ? "" : `.${fraction}`}p${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/**
 * A float64 as Go's strconv.FormatFloat writes it.
 *
 * @param verb e, E, f, F, g, G, x, X or b
 * @param precision -1 for the fewest digits that read back as the same number
 */
export function formatFloat(value: number, verb: string, precision = -1): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "-Inf" : "+Inf";
  const size = Math.abs(value);
  // Here JavaScript writes the same.
  if (verb === "g" && precision < 0 && size >= 1e-4 && size < 1e6) return String(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const text = sign + formatPositive(Math.abs(value), verb.toLowerCase(), precision);
  return verb === "E" || verb === "G" || verb === "X" ? text.toUpperCase() : text;
}

function formatPositive(value: number, verb: string, precision: number): string {
  switch (verb) {
    case "f": {
      if (precision < 0) {
        const { digits, exponent } = shortest(value);
        return fixed(digits, exponent);
      }
      const digits = scale(value, precision)
        .toString()
        .padStart(precision + 1, "0");
      return precision === 0 ? digits : `${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
    }
    case "e": {
      const { digits, exponent } = precision < 0 ? shortest(value) : significant(value, precision + 1);
      return withExponent(digits, exponent);
    }
    case "x":
      return hexadecimal(value, precision);
    case "b": {
      const { mantissa, exponent } = decompose(value);
      return `${mantissa}p${exponent < 0 ? "" : "+"}${exponent}`;
    }
    default: {
      const wanted = precision < 0 ? undefined : Math.max(precision, 1);
      const rounded = wanted === undefined ? shortest(value) : significant(value, wanted);
      const digits = rounded.digits.replace(/0+$/, "") || "0";
      // The shortest form counts as 6 digits here; a longer precision than there are digits does not keep zeros.
      const limit = wanted === undefined ? 6 : wanted > digits.length && digits.length > rounded.exponent ? digits.length : wanted;
      const useExponent = rounded.exponent < -4 || rounded.exponent >= limit;
      return useExponent ? withExponent(digits, rounded.exponent) : fixed(digits, rounded.exponent);
    }
  }
}
