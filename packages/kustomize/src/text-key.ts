// SPDX-License-Identifier: Apache-2.0
import { resolvePlain } from "@flux-ts/kube-core";
import { KustomizeError } from "./kustomize-error.ts";

/**
 * Requires that a key which is not quoted is text. Upstream writes the keys that it adds without quotes, and then cannot
 * write `1`, `true` or `2020-01-01` as JSON.
 *
 * @throws {KustomizeError} CANNOT_APPLY
 */
export function requireTextKey(key: string): void {
  if (key === "" || resolvePlain(key, "kyaml") === undefined) return;
  throw new KustomizeError(
    "CANNOT_APPLY",
    `json: unsupported type: map[interface {}]interface {}: the key "${key}" of labels, annotations or data would be read as another type than text`,
  );
}
