// SPDX-License-Identifier: Apache-2.0
import { deepEqual, type JsonObject } from "@flux-ts/kube-core";
import { at, type Problems } from "./problems.ts";
import { IMMUTABLE } from "./scalars.ts";

/** Whether two values are the same for Kubernetes: nothing and empty are one. */
export function isSame(left: unknown, right: unknown): boolean {
  return left === right || deepEqual(normal(left), normal(right));
}

function normal(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value;
  return value;
}

/** Fields that keep the value they were created with. */
export function immutable(owner: JsonObject, old: JsonObject, path: string, problems: Problems, ...names: readonly string[]): void {
  for (const name of names) {
    const [now, before] = [valueAt(owner, name), valueAt(old, name)];
    if (!isSame(now, before)) problems.invalid(at(path, name), now ?? (TEXTS.has(name) ? "" : null), IMMUTABLE);
  }
}

/** Fields that are texts in Go, not pointers to them: one that is gone is an empty text. */
const TEXTS: ReadonlySet<string> = new Set(["addressType", "controller", "handler", "provisioner", "reportingInstance"]);

function valueAt(owner: JsonObject, name: string): unknown {
  return Object.hasOwn(owner, name) ? owner[name] : undefined;
}
