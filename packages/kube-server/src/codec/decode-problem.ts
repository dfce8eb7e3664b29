// SPDX-License-Identifier: Apache-2.0

/** A value that cannot be read as the kind it should be. `message` is what Go's decoder would say; the verbs make a Status of it. */
export class DecodeProblem extends Error {
  override readonly name = "DecodeProblem";
}
