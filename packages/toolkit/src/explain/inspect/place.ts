// SPDX-License-Identifier: Apache-2.0
import type { ObjectRef } from "@flux-ts/kube-core";
import type { BuildFact, Place } from "../facts.ts";

/**
 * Where an object of a build is written; of the first field that is known, or of what is around it.
 *
 * @param paths as `spec.template.spec.containers.0.image`
 */
export function placeOfObject(build: BuildFact | undefined, ref: ObjectRef, ...paths: readonly string[]): Place | undefined {
  const origin = build?.objects.find(
    ({ kind, name, namespace }) => kind === ref.kind && name === ref.name && (namespace === "" || namespace === (ref.namespace ?? "")),
  );
  if (origin === undefined) return undefined;
  for (const path of paths) {
    for (let parts = path.split("."); parts.length > 0; parts = parts.slice(0, -1)) {
      const key = parts.join(".");
      if (Object.hasOwn(origin.fields, key)) return origin.fields[key];
    }
  }
  return { file: origin.file, ...(origin.line === undefined ? {} : { line: origin.line }) };
}
