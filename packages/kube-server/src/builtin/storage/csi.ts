// SPDX-License-Identifier: Apache-2.0
import { dns1123SubdomainProblems, labelKeyProblems, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { drop, hasAt, numberAt, objectAt, objectIn, objectsAt, textAt, textsAt } from "../shape.ts";
import { csiDriverTable, csiNodeTable, csiStorageCapacityTable } from "../table/other-tables.ts";
import { immutable, isSame } from "../validation/immutable.ts";
import { labelSelector } from "../validation/labels.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { IMMUTABLE, nonNegative, NOT_NEGATIVE, oneOf } from "../validation/scalars.ts";

const LIFECYCLES: readonly string[] = ["Persistent", "Ephemeral"];
const POLICIES: readonly string[] = ["File", "None", "ReadWriteOnceWithFSType"];
const MIN_TOKEN_SECONDS = 600;
const MAX_TOKEN_SECONDS = 2 ** 32;
const MAX_NODE_ID = 256;
const MAX_DRIVER = 63;

/** A driver's name. @see kubernetes pkg/apis/core/validation ValidateCSIDriverName */
export function csiDriverName(name: string, path: string, problems: Problems): void {
  if (name === "") return problems.required(path);
  if (name.length > MAX_DRIVER) problems.tooLong(path, MAX_DRIVER);
  problems.invalidFor(path, name, dns1123SubdomainProblems(name.toLowerCase()));
}

/** storage.k8s.io/v1 CSIDriver. */
export const csiDriver: KindBehaviour = {
  printer: csiDriverTable,
  strategy: {
    prepareCreate: withoutScheduling,
    prepareUpdate: withoutScheduling,
    warnings: (object) => tokenWarnings(objectAt(object, "spec")),
    validate: (object) => problemsOf((problems) => driverSpec(objectAt(object, "spec"), problems)),
    changesGeneration: (object, old) => !isSame(object["spec"], old["spec"]),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        const [spec, before] = [objectAt(object, "spec"), objectAt(old, "spec")];
        driverSpec(spec, problems);
        if (!isSame(spec["attachRequired"], before["attachRequired"])) {
          problems.invalid("spec.attachedRequired", spec["attachRequired"] ?? null, IMMUTABLE); // Kubernetes' spelling
        }
        immutable(spec, before, "spec", problems, "volumeLifecycleModes");
      }),
  },
};

/** A field of a feature that is off by default. */
function withoutScheduling(object: KubeObject): KubeObject {
  const spec = objectIn(object, "spec");
  return spec === undefined ? object : { ...object, spec: drop(spec, "preventPodSchedulingIfMissing") };
}

function tokenWarnings(spec: JsonObject): readonly string[] {
  if (objectsAt(spec, "tokenRequests").length === 0 || hasAt(spec, "serviceAccountTokenInSecrets")) return [];
  return [
    "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes",
  ];
}

function driverSpec(spec: JsonObject, problems: Problems): void {
  oneOf(spec, "fsGroupPolicy", "spec", problems, POLICIES);
  const audiences = new Set<string>();
  objectsAt(spec, "tokenRequests").forEach((request, index) => {
    const path = `spec.tokenRequests[${index}]`;
    const [audience, seconds] = [textAt(request, "audience"), numberAt(request, "expirationSeconds")];
    if (audiences.has(audience)) return problems.duplicate(`${path}.audience`, audience);
    audiences.add(audience);
    if (seconds === undefined) return;
    if (seconds < MIN_TOKEN_SECONDS)
      problems.invalid(`${path}.expirationSeconds`, seconds, "may not specify a duration less than 10 minutes");
    if (seconds > MAX_TOKEN_SECONDS)
      problems.invalid(`${path}.expirationSeconds`, seconds, "may not specify a duration larger than 2^32 seconds");
  });
  for (const mode of textsAt(spec, "volumeLifecycleModes")) {
    if (!LIFECYCLES.includes(mode)) problems.notSupported("spec.volumeLifecycleModes", mode, LIFECYCLES);
  }
  const period = numberAt(spec, "nodeAllocatableUpdatePeriodSeconds");
  if (period !== undefined && period < 10) {
    problems.invalid("spec.nodeAllocatableUpdatePeriodSeconds", period, "must be greater than or equal to 10 seconds");
  }
  if (hasAt(spec, "serviceAccountTokenInSecrets") && audiences.size === 0) {
    const value = spec["serviceAccountTokenInSecrets"];
    problems.invalid("spec.serviceAccountTokenInSecrets", value, "serviceAccountTokenInSecrets is set but no tokenRequests are specified");
  }
}

/** storage.k8s.io/v1 CSINode. */
export const csiNode: KindBehaviour = {
  printer: csiNodeTable,
  strategy: {
    validate: (object) => problemsOf((problems) => nodeDrivers(objectAt(object, "spec"), problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        const spec = objectAt(object, "spec");
        nodeDrivers(spec, problems);
        const now = new Map(objectsAt(spec, "drivers").map((driver) => [textAt(driver, "name"), driver]));
        for (const before of objectsAt(objectAt(old, "spec"), "drivers")) {
          const driver = now.get(textAt(before, "name"));
          if (driver && !isSame(withoutCount(driver), withoutCount(before))) problems.invalid("spec.drivers", driver, IMMUTABLE);
        }
      }),
  },
};

function withoutCount(driver: JsonObject): JsonObject {
  return { ...driver, allocatable: null };
}

function nodeDrivers(spec: JsonObject, problems: Problems): void {
  const names = new Set<string>();
  objectsAt(spec, "drivers").forEach((driver, index) => {
    const path = `spec.drivers[${index}]`;
    const [name, id, keys] = [textAt(driver, "name"), textAt(driver, "nodeID"), textsAt(driver, "topologyKeys")];
    csiDriverName(name, `${path}.name`, problems);
    if (id === "") problems.required(`${path}.nodeID`);
    if (Buffer.byteLength(id) > MAX_NODE_ID) problems.invalid(`${path}.nodeID`, id, `must be ${MAX_NODE_ID} characters or less`);
    nonNegative(objectAt(driver, "allocatable"), `${path}.allocatable`, problems, "count");
    if (names.has(name)) problems.duplicate(`${path}.name`, name);
    names.add(name);
    keys.forEach((key, at) => {
      if (key === "") problems.required(path);
      if (keys.indexOf(key) < at) problems.duplicate(path, key);
      problems.invalidFor(path, key, labelKeyProblems(key));
    });
  });
}

/** storage.k8s.io/v1 CSIStorageCapacity. */
export const csiStorageCapacity: KindBehaviour = {
  printer: csiStorageCapacityTable,
  strategy: {
    validate: (object) =>
      problemsOf((problems) => {
        labelSelector(objectAt(object, "nodeTopology"), "nodeTopology", problems);
        const name = textAt(object, "storageClassName");
        problems.invalidFor("storageClassName", name, dns1123SubdomainProblems(name));
        const capacity = textAt(object, "capacity");
        if (capacity.startsWith("-")) problems.invalid("capacity", capacity, NOT_NEGATIVE);
      }),
    validateUpdate: (object, old) => problemsOf((problems) => immutable(object, old, "", problems, "nodeTopology", "storageClassName")),
  },
};
