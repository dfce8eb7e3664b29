// SPDX-License-Identifier: Apache-2.0

/**
 * A plain scalar whose text is not how its value would be written: `0777`, `1.0`, `True`, `2001-12-14`. Given only to who
 * asks for it (`ParseYamlOptions.keepSpelling`): tools that copy a scalar's text, as kustomize does.
 */
export class SpelledScalar {
  /** As written. */
  readonly text: string;
  /** A number, an `ExactNumber`, a boolean or (for a timestamp) a string. */
  readonly value: unknown;

  constructor(text: string, value: unknown) {
    this.text = text;
    this.value = value;
    Object.freeze(this);
  }

  toString(): string {
    return this.text;
  }

  toJSON(): unknown {
    return this.value;
  }
}
