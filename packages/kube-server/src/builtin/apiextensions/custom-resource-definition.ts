// SPDX-License-Identifier: Apache-2.0
import { validateCustomResourceDefinition, type FieldError, type KubeObject } from "@flux-ts/kube-core";
import { ruleCompiler } from "@flux-ts/kube-core/cel";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { isTrueAt, objectAt, objectsAt, textAt, textsAt } from "../shape.ts";
import { problemsOf } from "../validation/problems.ts";
import { unknownFormats } from "./unknown-formats.ts";

/**
 * apiextensions.k8s.io/v1 CustomResourceDefinition: what its strategy does at a write. Names, conditions and serving are
 * the custom resources' own.
 */
export const customResourceDefinition: KindBehaviour = {
  resetFields: { "": [["f:status"]], status: [["f:spec"]] },
  strategy: {
    prepareCreate: (object) => withStorageVersion({ ...object, status: {} }),
    prepareUpdate: (object) => withStorageVersion(object),
    validate: (object) => [...nameRule(object), ...validateCustomResourceDefinition(object, { rules: ruleCompiler })],
    validateUpdate: (object, old) => validateCustomResourceDefinition(object, { old, rules: ruleCompiler }),
    warnings: (object, old) => {
      const known = new Set(old ? unknownFormats(objectAt(old, "spec")) : []);
      return unknownFormats(objectAt(object, "spec"))
        .filter((format) => !known.has(format))
        .map((format) => `unrecognized format ${JSON.stringify(format)}`);
    },
  },
};

/** The version in which objects are stored from now on counts as one in which some may be. */
function withStorageVersion(object: KubeObject): KubeObject {
  const storage = objectsAt(objectAt(object, "spec"), "versions").find((version) => isTrueAt(version, "storage"));
  const status = objectAt(object, "status");
  const stored = textsAt(status, "storedVersions");
  if (!storage || stored.includes(textAt(storage, "name"))) return object;
  return { ...object, status: { ...status, storedVersions: [...stored, textAt(storage, "name")] } };
}

function nameRule(object: KubeObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const wanted = `${textAt(objectAt(spec, "names"), "plural")}.${textAt(spec, "group")}`;
  return problemsOf((problems) => {
    for (const key of ["generateName", "name"] as const) {
      const name = object.metadata[key] ?? "";
      if (name !== "" && name !== wanted) problems.invalid(`metadata.${key}`, name, 'must be spec.names.plural+"."+spec.group');
    }
  });
}
