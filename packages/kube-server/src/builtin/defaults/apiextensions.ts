// SPDX-License-Identifier: Apache-2.0
import { fill, hasAt, isTrueAt, listAt, objectAt, objectsAt, put, textAt } from "../shape.ts";
import type { TypeDefault } from "./type-default.ts";

/** Defaults of apiextensions.k8s.io/v1, by type. @see apiextensions-apiserver pkg/apis/apiextensions/v1/defaults.go */
export const apiextensionsDefaults: Readonly<Record<string, TypeDefault>> = {
  "apiextensions.v1.CustomResourceDefinition": (definition) => {
    const status = objectAt(definition, "status");
    if (listAt(status, "storedVersions").length > 0) return definition;
    const stored = objectsAt(objectAt(definition, "spec"), "versions").find((version) => isTrueAt(version, "storage"));
    return stored ? put(definition, "status", put(status, "storedVersions", [textAt(stored, "name")])) : definition;
  },
  "apiextensions.v1.CustomResourceDefinitionSpec": (spec) => {
    const names = objectAt(spec, "names");
    const kind = textAt(names, "kind");
    const named = fill(names, {
      ...(textAt(names, "singular") === "" && kind !== "" ? { singular: kind.toLowerCase() } : {}),
      ...(kind === "" ? {} : { listKind: `${kind}List` }),
    });
    const converted = hasAt(spec, "conversion") ? spec : put(spec, "conversion", { strategy: "None" });
    return put(converted, "names", named);
  },
};
