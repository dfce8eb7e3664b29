// SPDX-License-Identifier: Apache-2.0

/**
 * What stands for the value of a scalar whose text is not of its type, such as the text `abc` copied over a number: an
 * error unless something replaces it, or makes text of it, before the build ends.
 */
export class Mistyped {
  /** What the text looks like, as the tag of YAML. */
  readonly found: string;
  /** What it ought to be. */
  readonly expected: string;

  constructor(found: string, expected: string) {
    this.found = found;
    this.expected = expected;
  }
}
