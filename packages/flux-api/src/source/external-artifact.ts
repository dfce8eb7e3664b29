// SPDX-License-Identifier: Apache-2.0
import type { ObjectOf } from "@flux-ts/kube-core";
import { conditionList, defineKind } from "@flux-ts/kube-core";
import { described, object, optional } from "@flux-ts/kube-core/schema";
import { age, column, ready, status } from "../columns.ts";
import { SOURCE_GROUP } from "../metadata.ts";
import { objectReference } from "../references.ts";
import { artifact } from "./artifact.ts";

/** An artifact that somebody else than the source controller made. */
export const ExternalArtifact = defineKind({
  group: SOURCE_GROUP,
  version: "v1",
  kind: "ExternalArtifact",
  plural: "externalartifacts",
  shortNames: ["ea"],
  categories: ["all", "fluxcd", "fluxcd-sources"],
  description: "An artifact that another controller makes and keeps.",
  spec: object(
    { sourceRef: optional(described(objectReference, "The object that the artifact is made of.")) },
    { description: "Where the artifact comes from." },
  ),
  status: object(
    { artifact: optional(artifact("The latest artifact.")), conditions: optional(conditionList()) },
    { description: "The artifact, told by who made it." },
  ),
  columns: [age, ready, status, column("Source", ".spec.sourceRef.name")],
  reasons: { Succeeded: "The artifact is there." },
});
export type ExternalArtifact = ObjectOf<typeof ExternalArtifact>;
