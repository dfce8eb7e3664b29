// SPDX-License-Identifier: Apache-2.0

export type YamlErrorCode =
  /** The text is not YAML. */
  | "SYNTAX"
  /** A key stands twice in one mapping. */
  | "DUPLICATE_KEY"
  /** A scalar is not of the type that its tag says. */
  | "TAG"
  /** A value that JSON cannot hold: infinity, NaN, a key that is a list or a mapping. */
  | "NOT_JSON"
  /** More than one document where one was asked for. */
  | "SEVERAL_DOCUMENTS"
  /** Deeper than `maxDepth`. */
  | "TOO_DEEP"
  /** Aliases would expand to more than `maxNodes` values. */
  | "TOO_LARGE";

/** Text that cannot be read as YAML. `line` and `column` count from 1. */
export class YamlError extends Error {
  override readonly name = "YamlError";
  readonly code: YamlErrorCode;
  /** What is wrong, without the place. */
  readonly problem: string;
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(code: YamlErrorCode, problem: string, place?: { readonly line: number; readonly column: number }, cause?: unknown) {
    super(place === undefined ? `yaml: ${problem}` : `yaml: line ${place.line}: ${problem}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.problem = problem;
    this.line = place?.line;
    this.column = place?.column;
  }
}
