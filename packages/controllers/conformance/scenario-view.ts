// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";

// What is compared of an object, and how: as the corpus' own runner does it.

export type Normalise = (text: string) => string;

const DROPPED: ReadonlySet<string> = new Set(["uid", "resourceVersion", "creationTimestamp", "selfLink", "lastTransitionTime"]);
const TIMES: ReadonlySet<string> = new Set([
  "lastUpdateTime",
  "lastReconciled",
  "firstReconciled",
  "startTime",
  "completionTime",
  "deletionTimestamp",
]);

/** @param addresses what stands for an address in the corpus, by address */
export function normaliser(addresses: readonly (readonly [string, string])[]): Normalise {
  return (text) =>
    addresses
      .reduce((result, [address, placeholder]) => result.replaceAll(address, placeholder), text)
      .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?/g, "<time>")
      .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "<uid>")
      .replace(/\b(finished in|passed in|failed in|completed in|after|took) (\d+(\.\d+)?(h|ms|m|µs|us|ns|s))+/g, "$1 <dur>")
      .replace(/(127\.0\.0\.1|\[::1\]|localhost):\d+/g, "$1:<port>")
      .replace(/\/tmp\/[\w.-]*?\d{5,}[\w.-]*/g, "<tmp>");
}

export function normalise(value: unknown, text: Normalise): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => normalise(item, text));
  if (typeof value === "string") return text(value);
  if (typeof value !== "object" || value === null) return value;
  const out: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    if (DROPPED.has(key)) continue;
    if (TIMES.has(key) && typeof field !== "object") out[key] = "<time>";
    else if (key === "lastReconciledDuration") out[key] = "<dur>";
    else out[text(key)] = normalise(field, text);
  }
  return out;
}

export function statusView(object: KubeObject | undefined, text: Normalise): unknown {
  if (object === undefined) return null;
  const status = normalise(object["status"] ?? {}, text) as Record<string, unknown>;
  const artifact = status["artifact"] as Record<string, unknown> | undefined;
  if (artifact !== undefined) {
    for (const field of ["digest", "size"]) if (field in artifact) artifact[field] = `<${field}>`;
    if (typeof artifact["url"] === "string") artifact["url"] = artifact["url"].replace(/^https?:\/\/[^/]+/, "{artifacts}");
  }
  const { conditions } = status as { conditions?: { type: string }[] };
  conditions?.sort((a, b) => (a.type < b.type ? -1 : 1));
  const { metadata } = object;
  const suspend = (object["spec"] as { suspend?: unknown } | undefined)?.suspend;
  return {
    generation: metadata.generation,
    ...(metadata.finalizers ? { finalizers: metadata.finalizers } : {}),
    ...(metadata.deletionTimestamp ? { deleting: true } : {}),
    ...(suspend === undefined ? {} : { suspend }),
    status,
  };
}

export function liveView(object: KubeObject | undefined, text: Normalise): unknown {
  if (object === undefined) return null;
  const { managedFields = [], deletionGracePeriodSeconds: _grace, generateName: _generated, annotations, ...metadata } = object.metadata;
  const { status: _status, ...rest } = object;
  const kept = Object.entries(annotations ?? {}).filter(([key]) => key !== "deployment.kubernetes.io/revision");
  const view: Record<string, unknown> = {
    ...rest,
    metadata: { ...metadata, ...(kept.length > 0 ? { annotations: Object.fromEntries(kept) } : {}) },
  };
  if (object.kind === "Namespace") delete view["spec"];
  if (object.kind === "Service" && typeof view["spec"] === "object") {
    const spec: Record<string, unknown> = { ...view["spec"] };
    for (const field of ["clusterIP", "clusterIPs"])
      if (spec[field] !== undefined && ![spec[field]].flat().includes("None")) spec[field] = "<ip>";
    view["spec"] = spec;
  }
  const owners = managedFields
    .filter(({ subresource, manager }) => subresource !== "status" && manager !== "kube-controller-manager" && manager !== "kwok")
    .map(({ manager = "", operation, fieldsV1 }) => ({ manager: text(manager), operation, fields: fieldPaths(fieldsV1 ?? {}).sort() }))
    .sort((a, b) => (`${a.manager}${a.operation}` < `${b.manager}${b.operation}` ? -1 : 1));
  const out = normalise(view, text) as { metadata: Record<string, unknown> };
  out.metadata["managedFields"] = normalise(owners, text);
  return out;
}

function fieldPaths(trie: Readonly<Record<string, unknown>>, path = ""): string[] {
  return Object.entries(trie).flatMap(([key, inner]) => {
    if (key === ".") return [];
    const here = path + (key.startsWith("f:") ? `.${key.slice(2)}` : `[${key.slice(2)}]`);
    const below = typeof inner === "object" && inner !== null ? fieldPaths(inner as Record<string, unknown>, here) : [];
    return below.length > 0 ? below : [here.replace(/^\./, "")];
  });
}

/** `spec.containers[0].name`; items of lists are found by index, type or name; `~` stands for a dot in a key. */
export function dig(object: unknown, path: string): unknown {
  let value = object;
  for (const key of path.split(".").flatMap((part) => part.match(/[^[\]]+/g) ?? [])) {
    if (value === null || value === undefined) return undefined;
    if (Array.isArray(value)) {
      const items: { type?: string; name?: string }[] = value;
      value = /^\d+$/.test(key) ? items[Number(key)] : items.find(({ type, name }) => type === key || name === key);
    } else value = (value as Record<string, unknown>)[key.replaceAll("~", ".")];
  }
  return value;
}

/** What differs; `{"$any": true}` in what is wanted stands for anything. */
export function differences(want: unknown, got: unknown, path = ""): readonly string[] {
  if (isObject(want) && want["$any"] === true) return [];
  if (Array.isArray(want) && Array.isArray(got)) {
    if (want.length !== got.length) return [`${path}: want ${JSON.stringify(want)}, got ${JSON.stringify(got)}`];
    return want.flatMap((item: unknown, index) => differences(item, got[index], `${path}[${index}]`));
  }
  if (isObject(want) && isObject(got)) {
    return [...new Set([...Object.keys(want), ...Object.keys(got)])].flatMap((key) => {
      const wanted = want[key];
      if (!(key in got))
        return isObject(wanted) && wanted["$any"] === true ? [] : [`${path}.${key}: missing, want ${JSON.stringify(wanted)}`];
      if (!(key in want)) return [`${path}.${key}: unexpected ${JSON.stringify(got[key])}`];
      return differences(wanted, got[key], `${path}.${key}`);
    });
  }
  return want === got ? [] : [`${path}: want ${JSON.stringify(want)}, got ${JSON.stringify(got)}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
