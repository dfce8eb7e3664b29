// SPDX-License-Identifier: Apache-2.0
import { object, optional, string } from "@flux-ts/kube-core/schema";

/** An object of the same kind that must be ready first. @see fluxcd/pkg apis/meta DependencyReference */
export const dependencyReference = (kind: string) =>
  object(
    {
      name: string({ description: `Name of the ${kind}.` }),
      namespace: optional(string({ description: `Namespace of the ${kind}; by default that of the object that refers to it.` })),
      readyExpr: optional(
        string({
          description:
            "CEL over `self` and `dep` that tells whether the dependency is ready. It replaces the usual check, or adds to it with the feature gate AdditiveCELDependencyCheck.",
        }),
      ),
    },
    { description: `A ${kind} that must be ready, and how to tell.` },
  );
