// SPDX-License-Identifier: Apache-2.0

/** One step of a JSONPath template. */
export type PathNode =
  | { readonly kind: "list"; readonly nodes: readonly PathNode[] }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "wildcard" }
  | { readonly kind: "recursive" }
  | { readonly kind: "identifier"; readonly name: string }
  | { readonly kind: "value"; readonly value: number | boolean; readonly isFloat: boolean }
  | { readonly kind: "array"; readonly from: number | undefined; readonly to: ArrayEnd; readonly step: number | undefined }
  | { readonly kind: "union"; readonly members: readonly PathNode[] }
  | { readonly kind: "filter"; readonly left: PathNode; readonly right: PathNode; readonly operator: string };

/** Where a slice ends; `derived`: one after its start, because the index was written alone. */
export interface ArrayEnd {
  readonly value: number | undefined;
  readonly derived: boolean;
}
