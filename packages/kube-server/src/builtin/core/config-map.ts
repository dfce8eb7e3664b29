// SPDX-License-Identifier: Apache-2.0
import { configMapKeyProblems, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { isTrueAt, objectAt } from "../shape.ts";
import { isSame } from "../validation/immutable.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { configMapTable } from "./tables.ts";

const MAX_BYTES = 1024 * 1024;
/** What is wrong with changing what is sealed; for secrets, too. */
export const SEALED = "field is immutable when `immutable` is set";

/** v1 ConfigMap. */
export const configMap: KindBehaviour = {
  printer: configMapTable,
  strategy: {
    metadataOnUpdate: { asChange: 1, asWhole: 1 },
    validate: (object) => problemsOf((problems) => content(object, problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        sealed(object, old, ["data", "binaryData"], problems);
        content(object, problems);
      }),
  },
};

function content(object: KubeObject, problems: Problems): void {
  const [data, binary] = [objectAt(object, "data"), objectAt(object, "binaryData")];
  let size = 0;
  for (const [key, value] of Object.entries(data)) {
    const path = `data[${key}]`;
    problems.invalidFor(path, key, configMapKeyProblems(key));
    if (Object.hasOwn(binary, key)) problems.invalid(path, key, "duplicate of key present in binaryData");
    size += Buffer.byteLength(String(value));
  }
  for (const [key, value] of Object.entries(binary)) {
    problems.invalidFor(`binaryData[${key}]`, key, configMapKeyProblems(key));
    size += decodedBytes(value);
  }
  if (size > MAX_BYTES) problems.tooLong("", MAX_BYTES);
}

/** How many bytes a base64 text stands for. */
export function decodedBytes(value: unknown): number {
  return typeof value === "string" ? Buffer.byteLength(value, "base64") : 0;
}

/** An object that was made immutable stays as it is. */
export function sealed(object: JsonObject, old: JsonObject, keys: readonly string[], problems: Problems): void {
  if (!isTrueAt(old, "immutable")) return;
  if (!isTrueAt(object, "immutable")) problems.forbidden("immutable", SEALED);
  for (const key of keys) if (!isSame(emptied(object[key]), emptied(old[key]))) problems.forbidden(key, SEALED);
}

function emptied(value: unknown): unknown {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0 ? undefined : value;
}
