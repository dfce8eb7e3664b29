// SPDX-License-Identifier: Apache-2.0
import { dns1123LabelProblems, labelKeyProblems, type KubeObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { unsupportedField } from "../unsupported-field.ts";
import { hasAt, objectAt, put, textAt, textsAt } from "../shape.ts";
import { problemsOf } from "../validation/problems.ts";
import { namespaceTable } from "./tables.ts";

const STANDARD_FINALIZERS: ReadonlySet<string> = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

/** v1 Namespace. It has a finalizer of its own, which only `/finalize` takes away. */
export const namespace: KindBehaviour = {
  unsupportedFieldLabel: unsupportedField,
  printer: namespaceTable,
  fieldSelectors: { "status.phase": (object) => textAt(objectAt(object, "status"), "phase") },
  strategy: {
    metadataOnUpdate: { asChange: 1, asWhole: 1 },
    nameProblems: dns1123LabelProblems,
    prepareCreate: (object) => {
      const spec = objectAt(object, "spec");
      const finalizers = textsAt(spec, "finalizers");
      const all = finalizers.includes("kubernetes") ? finalizers : [...finalizers, "kubernetes"];
      return { ...object, spec: put(spec, "finalizers", all), status: { phase: "Active" } };
    },
    prepareUpdate: (object, old) => withFinalizers(object, textsAt(objectAt(old, "spec"), "finalizers")),
    validate: (object) =>
      problemsOf((problems) => {
        for (const finalizer of textsAt(objectAt(object, "spec"), "finalizers")) {
          problems.invalidFor("spec.finalizers", finalizer, labelKeyProblems(finalizer));
          if (!finalizer.includes("/") && !STANDARD_FINALIZERS.has(finalizer)) {
            problems.invalid("spec.finalizers", finalizer, "name is neither a standard finalizer name nor is it fully qualified");
          }
        }
      }),
    validateUpdate: () => [],
    validateStatusUpdate: (object) =>
      problemsOf((problems) => {
        const phase = textAt(objectAt(object, "status"), "phase");
        const isDeleted = hasAt(objectAt(object, "metadata"), "deletionTimestamp");
        if (!isDeleted && phase !== "Active")
          problems.invalid("status.Phase", phase, "may only be 'Active' if `deletionTimestamp` is empty");
        if (isDeleted && phase !== "Terminating")
          problems.invalid("status.Phase", phase, "may only be 'Terminating' if `deletionTimestamp` is not empty");
      }),
  },
};

function withFinalizers(object: KubeObject, finalizers: readonly string[]): KubeObject {
  const { finalizers: _, ...spec } = objectAt(object, "spec");
  return { ...object, spec: finalizers.length === 0 ? spec : { ...spec, finalizers } };
}
