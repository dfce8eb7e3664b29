// SPDX-License-Identifier: Apache-2.0

/** A colour by what it is for: as 24 bits, and as the parameter of terminals that know 16 colours. */
const COLORS = {
  added: [88, 191, 56, 32],
  changed: [199, 196, 63, 93],
  removed: [185, 49, 27, 31],
  addedSame: [144, 238, 144, 92],
  removedSame: [255, 160, 122, 91],
  removedKey: [178, 34, 34, 31],
  removedIndent: [51, 0, 0, 30],
  removedScalar: [240, 128, 128, 91],
  removedText: [233, 150, 122, 91],
  removedNull: [250, 128, 114, 91],
  removedEmpty: [255, 160, 122, 91],
  addedKey: [0, 128, 0, 32],
  addedIndent: [0, 51, 0, 30],
  addedScalar: [50, 205, 50, 32],
  addedText: [107, 142, 35, 32],
  addedNull: [128, 128, 0, 32],
  addedEmpty: [85, 107, 47, 90],
  skipped: [255, 165, 0, 93],
  deleted: [255, 69, 0, 91],
  created: [0, 128, 0, 32],
} as const satisfies Readonly<Record<string, readonly [red: number, green: number, blue: number, short: number]>>;

export type ColorName = keyof typeof COLORS;

/** What 16 colours become when bold is laid over them: dyff reads its own colour again, and takes the nearest. */
const BOLD_SHORT: Readonly<Record<number, number>> = { 31: 91 };

export interface Emphasis {
  readonly bold?: boolean;
  readonly italic?: boolean;
}

/** Writes text in a colour (absent: in none), each line by itself; empty lines stay empty. */
export type Paint = (text: string, color: ColorName | undefined, emphasis?: Emphasis) => string;

export const plain: Paint = (text) => text;

/**
 * The paint of a terminal, as gonvenience/bunt chooses it.
 * @param terminal whether it is one
 */
export function paintFor(terminal: boolean, env: Readonly<Record<string, string | undefined>>): Paint {
  if (!terminal || env["TERM"] === "dumb") return plain;
  const isTrueColor = env["COLORTERM"] === "truecolor" || env["COLORTERM"] === "24bit";
  return (text, color, { bold = false, italic = false } = {}) => {
    const parameters = [...(bold ? [1] : []), ...(italic ? [3] : [])];
    if (color !== undefined) {
      const [red, green, blue, short] = COLORS[color];
      parameters.push(...(isTrueColor ? [38, 2, red, green, blue] : [bold ? (BOLD_SHORT[short] ?? short) : short]));
    }
    if (parameters.length === 0) return text;
    return text.replace(/[^\n]+/g, (line) => `\u001b[${parameters.join(";")}m${line}\u001b[0m`);
  };
}

/** The text without colours. */
export function withoutPaint(text: string): string {
  // The character that begins every sequence is what is looked for.
  // oxlint-disable-next-line no-control-regex
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
