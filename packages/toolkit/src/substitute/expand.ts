// SPDX-License-Identifier: Apache-2.0
import { tooLarge, transform } from "./functions.ts";
import type { Expression, Part } from "./parse.ts";
import { parseExpressions } from "./parse.ts";
import { SubstituteError } from "./substitute-error.ts";

export interface ExpandOptions {
  /** A variable without a value and without a default is an error; otherwise it is empty. */
  readonly strict: boolean;
  /** Bound of the result, in UTF-16 units. Default 64 Mi. */
  readonly maxLength?: number;
}

/** Default bound of a result. */
export const MAX_LENGTH = 64 * 1024 * 1024;

const HAS_DEFAULT: ReadonlySet<string> = new Set(["=", ":=", ":-", ":?", ":+"]);

/**
 * Expands `${var}` and its kin in a text, whatever the text is.
 *
 * Values are not expanded again. `${v:=d}`, `${v=d}`, `${v:-d}` (and, as upstream, `:+` and `:?`) give `d` for an
 * unset or empty variable; `${v:pos}`, `${v:pos:len}` cut; `${v#p}` `${v##p}` `${v%p}` `${v%%p}` trim;
 * `${v/a/b}` `${v//a/b}` `${v/#a/b}` `${v/%a/b}` replace; `${v^}` `${v^^}` `${v,}` `${v,,}` change case; `${#v}` counts bytes.
 *
 * @throws {SubstituteError} BAD_SYNTAX, NOT_SET, TOO_DEEP, TOO_LARGE, TOO_COMPLEX
 * @see fluxcd/pkg envsubst.Eval; spec G-SUB-7, 8, 9
 */
export function expand(text: string, variables: ReadonlyMap<string, string>, options: ExpandOptions): string {
  const { strict, maxLength = MAX_LENGTH } = options;
  const expandParts = (parts: readonly Part[]): string => {
    const out: string[] = [];
    let length = 0;
    for (const part of parts) {
      const piece = typeof part === "string" ? part : expandOne(part);
      length += piece.length;
      if (length > maxLength) throw tooLarge(maxLength);
      out.push(piece);
    }
    return out.join("");
  };
  const expandOne = ({ param, name, args }: Expression): string => {
    const given = args.map((arg) => expandParts([arg]));
    const value = variables.get(param);
    if (value === undefined && strict && !HAS_DEFAULT.has(name)) {
      throw new SubstituteError("NOT_SET", `variable not set (strict mode): "${param}"`);
    }
    return transform(name, value ?? "", given, maxLength);
  };
  return expandParts(parseExpressions(text));
}
