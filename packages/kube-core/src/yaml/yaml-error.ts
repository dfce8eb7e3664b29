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

/** Where an error is. Lines and columns count from 1. */
export interface YamlPlace {
  readonly line: number;
  readonly column: number;
  /** The line that go-yaml's message has, where that is another one; 0 for none. */
  readonly shown?: number;
}

/** Text that cannot be read as YAML, or data that cannot be written. The message is go-yaml's where it has the same. */
export class YamlError extends Error {
  override readonly name = "YamlError";
  readonly code: YamlErrorCode;
  /** What is wrong, without the place. */
  readonly problem: string;
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(code: YamlErrorCode, problem: string, place?: YamlPlace) {
    const shown = place?.shown ?? place?.line ?? 0;
    // What YAML can say and JSON cannot is no error of YAML.
    const prefix = code === "NOT_JSON" ? "" : "yaml: ";
    super(shown === 0 ? `${prefix}${problem}` : `${prefix}line ${shown}: ${problem}`);
    this.code = code;
    this.problem = problem;
    this.line = place?.line;
    this.column = place?.column;
  }
}
