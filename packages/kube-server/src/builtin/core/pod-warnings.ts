// SPDX-License-Identifier: Apache-2.0
import { goQuote, tryParseQuantity, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import { hasAt, numberAt, objectAt, objectIn, objectsAt, textAt } from "../shape.ts";
import { at } from "../validation/problems.ts";

const OLD_VOLUMES: Readonly<Record<string, string>> = {
  photonPersistentDisk: "deprecated in v1.11, non-functional in v1.16+",
  gitRepo: "deprecated in v1.11, and disabled by default in v1.33+",
  scaleIO: "deprecated in v1.16, non-functional in v1.22+",
  flocker: "deprecated in v1.22, non-functional in v1.25+",
  storageos: "deprecated in v1.22, non-functional in v1.25+",
  quobyte: "deprecated in v1.22, non-functional in v1.25+",
  glusterfs: "deprecated in v1.25, non-functional in v1.26+",
  cephfs: "deprecated in v1.28, non-functional in v1.31+",
  rbd: "deprecated in v1.28, non-functional in v1.31+",
};
const OLD_VOLUME_ENTRIES = Object.entries(OLD_VOLUMES);
const OLD_LABELS: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
  "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

/** Quantities that are whole at a glance, as nearly all are. */
const WHOLE = /^\d{1,15}(?:[kMGT]|[KMGT]i)?$/;

/**
 * What is allowed in a pod or pod template, but probably not meant.
 *
 * @param path of the template, `""` for a pod
 * @see kubernetes pkg/api/pod warnings.go
 */
export function podWarnings(template: JsonObject, path: string): readonly string[] {
  const spec = objectAt(template, "spec");
  const base = at(path, "spec");
  return [
    ...Object.keys(objectAt(spec, "nodeSelector")).flatMap((key) =>
      Object.hasOwn(OLD_LABELS, key) ? [`${base}.nodeSelector[${key}]: ${OLD_LABELS[key]}`] : [],
    ),
    ...spreadWarnings(spec, base),
    ...volumeWarnings(spec, base),
    ...duplicates(spec, "hostAliases", "ip", base),
    ...duplicates(spec, "imagePullSecrets", "name", base),
    ...containerWarnings(spec, base),
    ...portWarnings(spec, base),
    ...((numberAt(spec, "terminationGracePeriodSeconds") ?? 0) < 0
      ? [`${base}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
    ...affinityWarnings(spec, base),
  ];
}

/** The warnings of a pod template; an update that changes nothing that is wanted has none. @param template of an object */
export function templateWarnings(
  object: KubeObject,
  old: KubeObject | undefined,
  template: JsonObject,
  path = "spec.template",
): readonly string[] {
  return old && old.metadata.generation === object.metadata.generation ? [] : podWarnings(template, path);
}

function spreadWarnings(spec: JsonObject, base: string): readonly string[] {
  return objectsAt(spec, "topologySpreadConstraints").flatMap((constraint, index) => {
    const own = `${base}.topologySpreadConstraints[${index}]`;
    const key = textAt(constraint, "topologyKey");
    const old = Object.hasOwn(OLD_LABELS, key) ? [`${own}.topologyKey: ${key} is ${OLD_LABELS[key]}`] : [];
    return hasAt(constraint, "labelSelector") ? old : [...old, `${own}.labelSelector: a null labelSelector results in matching no pod`];
  });
}

function volumeWarnings(spec: JsonObject, base: string): readonly string[] {
  return objectsAt(spec, "volumes").flatMap((volume, index) =>
    OLD_VOLUME_ENTRIES.flatMap(([key, why]) =>
      hasAt(volume, key) ? [`${base}.volumes[${index}].${key === "storageos" ? "storageOS" : key}: ${why}`] : [],
    ),
  );
}

function duplicates(spec: JsonObject, list: string, key: string, base: string): readonly string[] {
  const seen = new Set<string>();
  return objectsAt(spec, list).flatMap((item, index) => {
    const value = textAt(item, key);
    const own = `${base}.${list}[${index}].${key}`;
    const found = seen.has(value) ? [`${own}: duplicate ${key} ${goQuote(value)}`] : [];
    seen.add(value);
    return value === "" && list === "imagePullSecrets" ? [...found, `${own}: invalid empty name ""`] : found;
  });
}

/** Containers of all kinds, with their place. */
function containersOf(spec: JsonObject, base: string): readonly (readonly [JsonObject, string])[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((kind) =>
    objectsAt(spec, kind).map((container, index) => [container, `${base}.${kind}[${index}]`] as const),
  );
}

function containerWarnings(spec: JsonObject, base: string): readonly string[] {
  return containersOf(spec, base).flatMap(([container, path]) => [...fractions(container, path), ...hiddenVariables(container, path)]);
}

function fractions(container: JsonObject, path: string): readonly string[] {
  const resources = objectAt(container, "resources");
  const warnings: string[] = [];
  for (const name of ["memory", "ephemeral-storage"]) {
    for (const kind of ["limits", "requests"]) {
      const value = objectAt(resources, kind)[name];
      if (value === undefined || (typeof value === "string" && WHOLE.test(value))) continue;
      const quantity = tryParseQuantity(value);
      if (!quantity || quantity.nanos % 1_000_000_000n === 0n) continue;
      warnings.push(`${path}.resources.${kind}[${name}]: fractional byte value ${goQuote(String(value))} is invalid, must be an integer`);
    }
  }
  return warnings;
}

/** A variable that is set twice, unless the second refers to the first. */
function hiddenVariables(container: JsonObject, path: string): readonly string[] {
  const warnings: string[] = [];
  const seen = new Set<string>();
  for (const [index, variable] of objectsAt(container, "env").entries()) {
    const name = textAt(variable, "name");
    if (!seen.has(name)) {
      seen.add(name);
      continue;
    }
    const value = textAt(variable, "value");
    const reference = `$(${name})`;
    if (objectIn(variable, "valueFrom") !== undefined || value === reference || !value.includes(reference))
      warnings.push(`${path}.env[${index}]: hides previous definition of ${goQuote(name)}, which may be dropped when using apply`);
  }
  return warnings;
}

function portWarnings(spec: JsonObject, base: string): readonly string[] {
  const warnings: string[] = [];
  const seen = new Map<string, { place: string; ip: string; host: number }[]>();
  const all = containersOf(spec, base).flatMap(([container, path]) =>
    objectsAt(container, "ports").map((port, index) => [port, `${path}.ports[${index}]`] as const),
  );
  if (all.length < 2) return warnings;
  for (const [port, place] of all) {
    const key = `${numberAt(port, "containerPort") ?? 0}/${textAt(port, "protocol")}`;
    const own = { place, ip: textAt(port, "hostIP"), host: numberAt(port, "hostPort") ?? 0 };
    const others = seen.get(key);
    for (const other of others ?? []) {
      if (own.ip === other.ip && own.host === other.host) warnings.push(`${place}: duplicate port definition with ${other.place}`);
      else if (own.host === 0 || other.host === 0) warnings.push(`${place}: overlapping port definition with ${other.place}`);
      else if (own.host === other.host && (own.ip === "") !== (other.ip === ""))
        warnings.push(`${place}: dangerously ambiguous port definition with ${other.place}`);
    }
    if (others === undefined) seen.set(key, [own]);
    else others.push(own);
  }
  const names = new Map<string, string>();
  for (const [port, place] of all) {
    const name = textAt(port, "name");
    const other = names.get(name);
    if (name === "") continue;
    if (other)
      warnings.push(
        `${place}: duplicate port name ${goQuote(name)} with ${other}, services and probes that select ports by name will use ${other}`,
      );
    else names.set(name, place);
  }
  return warnings;
}

function affinityWarnings(spec: JsonObject, base: string): readonly string[] {
  const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
  const why = "a null labelSelector results in matching no pod";
  return ["podAffinity", "podAntiAffinity"].flatMap((kind) => {
    const own = objectAt(objectAt(spec, "affinity"), kind);
    const path = `${base}.affinity.${kind}`;
    return [
      ...objectsAt(own, REQUIRED).flatMap((term, index) =>
        hasAt(term, "labelSelector") ? [] : [`${path}.${REQUIRED}[${index}].labelSelector: ${why}`],
      ),
      ...objectsAt(own, PREFERRED).flatMap((term, index) =>
        hasAt(objectAt(term, "podAffinityTerm"), "labelSelector")
          ? []
          : [`${path}.${PREFERRED}[${index}].podAffinityTerm.labelSelector: ${why}`],
      ),
    ];
  });
}
