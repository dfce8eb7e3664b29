// SPDX-License-Identifier: Apache-2.0
import { dns1123SubdomainProblems, type JsonObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { hasAt, objectAt, textAt } from "../shape.ts";
import { keepMetadata } from "../status-metadata.ts";
import { volumeAttachmentTable } from "../table/other-tables.ts";
import { isSame } from "../validation/immutable.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { IMMUTABLE } from "../validation/scalars.ts";
import { csiDriverName } from "./csi.ts";

const EXACTLY_ONE = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";

/** storage.k8s.io/v1 VolumeAttachment. */
export const volumeAttachment: KindBehaviour = {
  printer: volumeAttachmentTable,
  resetFields: { "": [["f:status"]], status: [["f:metadata"], ["f:spec"]] },
  strategy: {
    prepareStatusUpdate: keepMetadata,
    validate: (object) => problemsOf((problems) => attachment(objectAt(object, "spec"), problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        attachment(objectAt(object, "spec"), problems);
        if (!isSame(object["spec"], old["spec"])) problems.invalid("spec", object["spec"] ?? null, IMMUTABLE);
      }),
  },
};

function attachment(spec: JsonObject, problems: Problems): void {
  csiDriverName(textAt(spec, "attacher"), "spec.attacher", problems);
  const source = objectAt(spec, "source");
  const [volume, path] = [textAt(source, "persistentVolumeName"), "spec.source.persistentVolumeName"] as const;
  const [hasInline, hasName] = [hasAt(source, "inlineVolumeSpec"), hasAt(source, "persistentVolumeName")];
  if (!hasInline && !hasName) problems.required("spec.source", EXACTLY_ONE);
  else if (hasInline && hasName) problems.forbidden("spec.source", EXACTLY_ONE);
  else if (hasName && volume === "") problems.required(path, "must specify non empty persistentVolumeName");
  const node = textAt(spec, "nodeName");
  problems.invalidFor("spec.nodeName", node, dns1123SubdomainProblems(node));
  if (hasName) problems.invalidFor(path, volume, dns1123SubdomainProblems(volume));
}
