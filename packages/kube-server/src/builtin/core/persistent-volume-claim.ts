// SPDX-License-Identifier: Apache-2.0
import { compareQuantities, parseQuantity, tryParseQuantity, type JsonObject, type KubeObject, type Quantity } from "@flux-ts/kube-core";
import { internalValue } from "../internal-value.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { drop, hasAt, objectAt, put, textAt } from "../shape.ts";
import { isSame } from "../validation/immutable.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { IMMUTABLE } from "../validation/scalars.ts";
import { diffValues } from "../validation/unified-diff.ts";
import { claimSpec } from "./claim-spec.ts";
import { persistentVolumeClaimTable } from "./tables.ts";

const specOf = (object: KubeObject): JsonObject => objectAt(object, "spec");
const ONLY_SIZE = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

/** v1 PersistentVolumeClaim. */
export const persistentVolumeClaim: KindBehaviour = {
  printer: persistentVolumeClaimTable,
  strategy: {
    metadataOnUpdate: { asChange: 1, asWhole: 1 },
    prepareCreate: (object) => ({ ...object, spec: sources(specOf(object), {}), status: { phase: "Pending" } }),
    prepareUpdate: (object, old) => ({ ...object, spec: sources(specOf(object), specOf(old)) }),
    warnings: (object) => sizeWarnings(specOf(object)),
    validate: (object) => problemsOf((problems) => claimSpec(specOf(object), "spec", problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        claimSpec(specOf(object), "spec", problems);
        changes(object, old, problems);
      }),
    validateStatusUpdate: () => [],
  },
};

/**
 * What data a claim begins with. What is no claim or snapshot falls away from `dataSource` unless the object had a source before, and so does a
 * reference into another namespace: the feature gate CrossNamespaceVolumeDataSource is off.
 * @see kubernetes pkg/api/persistentvolumeclaim DropDisabledFields, EnforceDataSourceBackwardsCompatibility, NormalizeDataSources
 */
function sources(spec: JsonObject, before: JsonObject): JsonObject {
  const leaves = (claim: JsonObject): boolean => textAt(objectAt(claim, "dataSourceRef"), "namespace") !== "";
  const local = leaves(spec) && !leaves(before) ? drop(spec, "dataSourceRef") : spec;
  const hadSource = hasAt(before, "dataSource") || hasAt(before, "dataSourceRef");
  return bothSources(
    !hadSource && hasAt(local, "dataSource") && !isOldSource(objectAt(local, "dataSource")) ? drop(local, "dataSource") : local,
  );
}

function isOldSource(source: JsonObject): boolean {
  const [kind, group] = [textAt(source, "kind"), textAt(source, "apiGroup")];
  return (kind === "PersistentVolumeClaim" && group === "") || (kind === "VolumeSnapshot" && group === "snapshot.storage.k8s.io");
}

/** @see kubernetes pkg/api/persistentvolumeclaim GetWarningsForPersistentVolumeClaimSpec */
function sizeWarnings(spec: JsonObject): readonly string[] {
  return ["requests", "limits"].flatMap((key) => {
    const size = objectAt(objectAt(spec, "resources"), key)["storage"];
    const quantity = tryParseQuantity(size);
    const isWhole = quantity === undefined || quantity.nanos % 1_000_000_000n === 0n;
    return isWhole
      ? []
      : [`spec.resources.${key}[storage]: fractional byte value ${JSON.stringify(String(size))} is invalid, must be an integer`];
  });
}

/** `dataSource` and `dataSourceRef` follow each other, unless the reference leaves the namespace. */
function bothSources(spec: JsonObject): JsonObject {
  const reference = objectAt(spec, "dataSourceRef");
  if (hasAt(spec, "dataSource") && !hasAt(spec, "dataSourceRef")) return put(spec, "dataSourceRef", spec["dataSource"]);
  if (!hasAt(spec, "dataSourceRef") || hasAt(spec, "dataSource") || textAt(reference, "namespace") !== "") return spec;
  return put(spec, "dataSource", drop(reference, "namespace"));
}

function changes(object: KubeObject, old: KubeObject, problems: Problems): void {
  const [spec, before] = [specOf(object), specOf(old)];
  const isBound = textAt(objectAt(object, "status"), "phase") === "Bound";
  let [now, then] = [spec, before];
  if (textAt(before, "volumeName") === "" && textAt(spec, "volumeName") !== "") then = put(then, "volumeName", spec["volumeName"]);
  const hadAnnotation = hasAt(objectAt(objectAt(old, "metadata"), "annotations"), "volume.beta.kubernetes.io/storage-class");
  if (!hasAt(before, "storageClassName") && hasAt(spec, "storageClassName") && !hadAnnotation) now = drop(now, "storageClassName");
  if (isBound) {
    now = withSize(now, sizeOf(before));
    now = hasAt(before, "volumeAttributesClassName")
      ? put(now, "volumeAttributesClassName", before["volumeAttributesClassName"])
      : drop(now, "volumeAttributesClassName");
  }
  if (!isSame(now, then)) {
    const diff = diffValues(internalValue("core.PersistentVolumeClaimSpec", then), internalValue("core.PersistentVolumeClaimSpec", now));
    problems.forbidden("spec", `${ONLY_SIZE}\n${diff}`);
  }
  // What is not there counts as nothing.
  const amount = (value: unknown): Quantity => tryParseQuantity(value ?? "0") ?? parseQuantity("0");
  const [size, oldSize] = [amount(sizeOf(spec)), amount(sizeOf(before))];
  const capacity = amount(objectAt(objectAt(old, "status"), "capacity")["storage"]);
  if (compareQuantities(size, oldSize) < 0 && compareQuantities(size, capacity) <= 0) {
    problems.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity");
  }
  if (!isSame(spec["volumeMode"], before["volumeMode"])) problems.invalid("volumeMode", spec["volumeMode"] ?? null, IMMUTABLE);
}

function sizeOf(spec: JsonObject): unknown {
  return objectAt(objectAt(spec, "resources"), "requests")["storage"];
}

function withSize(spec: JsonObject, size: unknown): JsonObject {
  const resources = objectAt(spec, "resources");
  return put(spec, "resources", put(resources, "requests", put(objectAt(resources, "requests"), "storage", size)));
}
