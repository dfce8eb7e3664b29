// SPDX-License-Identifier: Apache-2.0

/** Why a text is no base64, in Go's words; undefined when it is. @see encoding/base64 StdEncoding */
export function base64Problem(text: string): string | undefined {
  const illegal = (index: number): string => `illegal base64 data at input byte ${index}`;
  let digits = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] as string;
    if (character === "\n" || character === "\r") continue;
    if (character === "=") {
      const inQuantum = digits % 4;
      if (inQuantum < 2) return illegal(index);
      let rest = index + 1;
      while (text[rest] === "\n" || text[rest] === "\r") rest++;
      if (inQuantum === 2) {
        if (rest === text.length) return illegal(text.length);
        if (text[rest] !== "=") return illegal(rest);
        rest++;
      }
      while (text[rest] === "\n" || text[rest] === "\r") rest++;
      return rest < text.length ? illegal(rest) : undefined;
    }
    if (!/[A-Za-z0-9+/]/.test(character)) return illegal(index);
    digits++;
  }
  return digits % 4 === 0 ? undefined : illegal(text.length - (digits % 4));
}

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Whether a text is a time; one of microseconds must have all six digits. */
export function isTime(text: string, micro = false): boolean {
  const match = RFC3339.exec(text);
  return match !== null && (!micro || match[7]?.length === 7) && !Number.isNaN(Date.parse(text));
}

/** Why a text is no time, in Go's words, as far as its parser comes. @see time.Parse */
export function timeProblem(text: string, micro = false): string {
  const layout = micro ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00";
  const steps: readonly (readonly [RegExp, string])[] = [
    [/^\d{4}/, "2006"],
    [/^-/, "-"],
    [/^\d\d/, "01"],
    [/^-/, "-"],
    [/^\d\d/, "02"],
    [/^T/, "T"],
    [/^\d\d/, "15"],
    [/^:/, ":"],
    [/^\d\d/, "04"],
    [/^:/, ":"],
    [/^\d\d/, "05"],
    ...(micro ? ([[/^\.\d{6}/, ".000000"]] as const) : []),
    [micro ? /^(Z|[+-]\d\d:\d\d)/ : /^(\.\d+)?(Z|[+-]\d\d:\d\d)/, "Z07:00"],
  ];
  let rest = text;
  for (const [pattern, element] of steps) {
    const match = pattern.exec(rest);
    if (!match)
      return `parsing time ${JSON.stringify(text)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(element)}`;
    rest = rest.slice(match[0].length);
  }
  if (rest !== "") return `parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(rest)}`;
  return `parsing time ${JSON.stringify(text)}: day out of range`;
}
