// SPDX-License-Identifier: Apache-2.0
import { dns1123SubdomainProblems, toTimestamp, tryParseQuantity, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import type { StrategyContext } from "../../resource.ts";
import { internalValue } from "../internal-value.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { drop, hasAt, objectAt, objectIn, put, textAt } from "../shape.ts";
import { isSame } from "../validation/immutable.ts";
import { at, problemsOf, type Problems } from "../validation/problems.ts";
import { isPositive } from "../validation/resource-requirements.ts";
import { IMMUTABLE, oneOf, requireText } from "../validation/scalars.ts";
import { diffValues } from "../validation/unified-diff.ts";
import { nodeSelector } from "./affinity.ts";
import { accessModes } from "./claim-spec.ts";
import { persistentVolumeTable } from "./tables.ts";
import { driverName, VOLUME_SOURCES } from "./volume-sources.ts";

/** Sources that a claim can be bound to; most are those of pods. */
const SOURCES: readonly string[] = ["hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte", "cephfs", "iscsi", "cinder", "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "scaleIO", "local", "storageos", "csi"]; // prettier-ignore
const specOf = (object: KubeObject): JsonObject => objectAt(object, "spec");

/** v1 PersistentVolume. */
export const persistentVolume: KindBehaviour = {
  printer: persistentVolumeTable,
  strategy: {
    metadataOnUpdate: { asChange: 0, asWhole: 2 },
    prepareCreate: (object, context) => ({ ...object, status: { phase: "Pending", lastPhaseTransitionTime: toTimestamp(context.now) } }),
    prepareStatusUpdate: transitionTime,
    validate: (object) => problemsOf((problems) => volumeSpec(specOf(object), "spec", problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        const [spec, before] = [specOf(object), specOf(old)];
        // Twice: so does Kubernetes.
        for (let times = 0; times < 2; times += 1) volumeSpec(spec, "spec", problems);
        sourceChanges(spec, before, problems);
        if (!isSame(spec["volumeMode"], before["volumeMode"])) problems.invalid("volumeMode", spec["volumeMode"] ?? null, IMMUTABLE);
        if (hasAt(before, "nodeAffinity") && !isSame(spec["nodeAffinity"], before["nodeAffinity"])) {
          problems.invalid("nodeAffinity", spec["nodeAffinity"] ?? null, IMMUTABLE);
        }
        if (hasAt(before, "volumeAttributesClassName") && !hasAt(spec, "volumeAttributesClassName")) {
          problems.forbidden("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden");
        }
      }),
    validateStatusUpdate: () => [],
  },
};

function transitionTime(object: KubeObject, old: KubeObject, context: StrategyContext): KubeObject {
  const [status, before] = [objectAt(object, "status"), objectAt(old, "status")];
  const isSamePhase = textAt(status, "phase") === textAt(before, "phase");
  const isOldTime =
    !hasAt(status, "lastPhaseTransitionTime") || isSame(status["lastPhaseTransitionTime"], before["lastPhaseTransitionTime"]);
  if (!isSamePhase && isOldTime) return { ...object, status: put(status, "lastPhaseTransitionTime", toTimestamp(context.now)) };
  const keeps = isSamePhase && !hasAt(status, "lastPhaseTransitionTime") && hasAt(before, "lastPhaseTransitionTime");
  return keeps ? { ...object, status: put(status, "lastPhaseTransitionTime", before["lastPhaseTransitionTime"]) } : object;
}

function sourceChanges(spec: JsonObject, before: JsonObject, problems: Problems): void {
  const source = (owner: JsonObject): JsonObject =>
    Object.fromEntries(SOURCES.filter((key) => hasAt(owner, key)).map((key) => [key, owner[key]]));
  const csi = objectAt(spec, "csi");
  const mayExpand =
    hasAt(before, "csi") && !hasAt(objectAt(before, "csi"), "controllerExpandSecretRef") && hasAt(csi, "controllerExpandSecretRef");
  const [now, old] = [source(mayExpand ? put(spec, "csi", drop(csi, "controllerExpandSecretRef")) : spec), source(before)];
  if (isSame(now, old)) return;
  const diff = diffValues(internalValue("core.PersistentVolumeSource", old), internalValue("core.PersistentVolumeSource", now));
  problems.forbidden("spec.persistentvolumesource", `spec.persistentvolumesource is immutable after creation\n${diff}`);
}

function volumeSpec(spec: JsonObject, path: string, problems: Problems): void {
  accessModes(spec, path, problems, "");
  capacity(spec, at(path, "capacity"), problems);
  oneOf(spec, "persistentVolumeReclaimPolicy", path, problems, ["Delete", "Recycle", "Retain"]);
  const required = objectIn(objectAt(spec, "nodeAffinity"), "required");
  if (required) nodeSelector(required, at(path, "nodeAffinity", "required"), problems);
  else if (hasAt(spec, "nodeAffinity")) problems.required(at(path, "nodeAffinity", "required"), "must specify required node constraints");
  volumeSource(spec, path, problems);
  if (/^\/+\.?$/.test(textAt(objectAt(spec, "hostPath"), "path")) && textAt(spec, "persistentVolumeReclaimPolicy") === "Recycle") {
    problems.forbidden(at(path, "persistentVolumeReclaimPolicy"), "may not be 'recycle' for a hostPath mount of '/'");
  }
  const className = textAt(spec, "storageClassName");
  if (className !== "") problems.invalidFor(at(path, "storageClassName"), className, dns1123SubdomainProblems(className));
  oneOf(spec, "volumeMode", path, problems, ["Block", "Filesystem"]);
  if (!hasAt(spec, "volumeAttributesClassName")) return;
  const attributes = textAt(spec, "volumeAttributesClassName");
  if (attributes === "") problems.required(at(path, "volumeAttributesClassName"), "an empty string is disallowed");
  else problems.invalidFor(at(path, "volumeAttributesClassName"), attributes, dns1123SubdomainProblems(attributes));
  if (!hasAt(spec, "csi")) problems.required(at(path, "csi"), "has to be specified when using volumeAttributesClassName");
}

function capacity(spec: JsonObject, path: string, problems: Problems): void {
  const own = objectAt(spec, "capacity");
  const names = Object.keys(own);
  if (names.length === 0) problems.required(path);
  if (!Object.hasOwn(own, "storage") || names.length > 1) problems.notSupported(path, hasAt(spec, "capacity") ? own : null, ["storage"]);
  for (const [name, value] of Object.entries(own)) {
    const quantity = tryParseQuantity(value);
    if (quantity && !isPositive(quantity)) problems.invalid(`${path}[${name}]`, value, "must be greater than zero");
  }
}

function volumeSource(spec: JsonObject, path: string, problems: Problems): void {
  let found = false;
  for (const name of SOURCES) {
    const source = objectIn(spec, name);
    if (!source) continue;
    const own = at(path, name);
    if (found && name !== "flexVolume")
      problems.forbidden(name === "cephfs" ? at(path, "cephFS") : own, "may not specify more than 1 volume type");
    else if (name === "csi") csi(source, own, problems);
    else if (name === "local") {
      requireText(source, own, problems, "path");
      if (!hasAt(spec, "nodeAffinity")) problems.required(at(path, "nodeAffinity"), "Local volume requires node affinity");
    } else VOLUME_SOURCES.find(([key]) => key === name)?.[1](source, own, problems);
    found = true;
  }
  if (!found) problems.required(path, "must specify a volume type");
}

function csi(source: JsonObject, path: string, problems: Problems): void {
  driverName(source, path, problems);
  requireText(source, path, problems, "volumeHandle");
  for (const key of ["controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef", "nodeExpandSecretRef"]) {
    const secret = objectIn(source, key);
    if (secret) requireText(secret, at(path, key), problems, "name", "namespace");
  }
}
