// SPDX-License-Identifier: Apache-2.0
import { stringifyYaml } from "@flux-ts/kube-core";

/** A configuration as messages show it: YAML, without what is not set. */
export function configText(config: object): string {
  return stringifyYaml(withoutUnset(config));
}

function withoutUnset(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUnset);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, child]) => !isUnset(child))
      .map(([key, child]) => [key, withoutUnset(child)]),
  );
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === "" || value === false || value === 0 || (Array.isArray(value) && value.length === 0);
}
