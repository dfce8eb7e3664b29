// SPDX-License-Identifier: Apache-2.0

/**
 * The order in which go-yaml v2 writes the keys of a map: numbers inside them by value, letters after everything else.
 *
 * @see go.yaml.in/yaml/v2, keyList.Less
 */
export function compareKeys(a: string, b: string): number {
  return compare(a, b, false);
}

/** The same of go-yaml v3, where letters come first behind a digit. @see go.yaml.in/yaml/v3, keyList.Less */
export function compareKeysV3(a: string, b: string): number {
  return compare(a, b, true);
}

function compare(a: string, b: string, isV3: boolean): number {
  const length = Math.min(a.length, b.length);
  let index = 0;
  while (index < length && a.charCodeAt(index) === b.charCodeAt(index)) index++;
  if (index === length) return a.length - b.length;
  // Surrogates: step back to whole characters.
  if (index > 0 && isLowSurrogate(a.charCodeAt(index)) && isLowSurrogate(b.charCodeAt(index))) index--;
  const left = a.codePointAt(index) ?? 0;
  const right = b.codePointAt(index) ?? 0;
  const leftIsLetter = isLetter(left);
  const rightIsLetter = isLetter(right);
  if (leftIsLetter && rightIsLetter) return left - right;
  if (leftIsLetter || rightIsLetter) {
    const lettersFirst = isV3 && index > 0 && isDigit(a.charCodeAt(index - 1));
    return lettersFirst === leftIsLetter ? -1 : 1;
  }
  return compareNumbers(a, b, index) || left - right;
}

/** Compares the digits from `index` on; a run of digits before it that is not all zeros makes a 0 significant. */
function compareNumbers(a: string, b: string, index: number): number {
  let start = 0n;
  if (a[index] === "0" || b[index] === "0") {
    for (let before = index - 1; before >= 0 && isDigit(a.charCodeAt(before)); before--) {
      if (a[before] !== "0") {
        start = 1n;
        break;
      }
    }
  }
  const left = digitsFrom(a, index);
  const right = digitsFrom(b, index);
  // int64 arithmetic, which wraps.
  const leftNumber = BigInt.asIntN(64, BigInt(`${start}${left}` || "0"));
  const rightNumber = BigInt.asIntN(64, BigInt(`${start}${right}` || "0"));
  if (leftNumber !== rightNumber) return leftNumber < rightNumber ? -1 : 1;
  return left.length - right.length;
}

function digitsFrom(text: string, index: number): string {
  let end = index;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  return text.slice(index, end);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

function isLetter(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  return /\p{L}/u.test(String.fromCodePoint(code));
}
