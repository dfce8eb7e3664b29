// SPDX-License-Identifier: Apache-2.0

/** A schema that cannot be used. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
}
