// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import type { Finding } from "../finding.ts";
import { formatSubject, found } from "../finding.ts";
import { listAt, numberAt, textAt } from "../read-object.ts";
import type { Walk } from "../walk.ts";
import { keyOf } from "../walk.ts";
import { notFound } from "./missing.ts";
import { isSuspended, readyOf, suspended } from "./standing.ts";

/** What an object depends on, in its order; of the same kind. */
export function dependenciesOf(object: KubeObject, { apiVersion, kind, namespace }: ObjectRef): readonly ObjectRef[] {
  return listAt(object, "spec", "dependsOn").map((each) => ({
    apiVersion,
    kind,
    namespace: textAt(each, "namespace") || (namespace ?? ""),
    name: textAt(each, "name"),
  }));
}

/**
 * Why the dependencies of an object hold it: the first root of each that is not as it must be. Those that wait for each other
 * are one finding, of the one whose name comes first.
 *
 * @param here the way to the object, itself included
 */
export function blockedBy(object: KubeObject, ref: ObjectRef, message: string, walk: Walk, here: readonly string[]): readonly Finding[] {
  return dependenciesOf(object, ref).flatMap((dependency) => {
    if (here.includes(keyOf(dependency))) return [cycleOf(here.slice(here.indexOf(keyOf(dependency))), ref)];
    const look = walk.get(dependency);
    if (look.is === "absent") return [notFound(dependency, "dependencies", ref)];
    if (look.is === "unknown") return [];
    const isNamed = message.includes(`'${dependency.namespace ?? ""}/${dependency.name}'`);
    if (!isNamed && isSatisfied(look.object)) return [];
    const { findings } = walk.inspect(dependency, here);
    // One that is suspended is taken for ready, but new revisions do not reach it.
    const strong = findings.filter(({ weight }) => weight === "failure");
    if (strong.length === 0 && isSuspended(look.object)) return [suspended(dependency, "dependencies")];
    if (findings.length > 0) return strong.length > 0 ? strong : findings;
    return isNamed ? [found({ weight: "hold", stage: "dependencies", ref: dependency, reason: "DependencyNotReady", message })] : [];
  });
}

function isSatisfied(object: KubeObject): boolean {
  return readyOf(object)?.status === "True" && numberAt(object, "status", "observedGeneration") === object.metadata.generation;
}

/** @param members in the order of the wait, `Kind/namespace/name` */
export function cycleOf(members: readonly string[], { apiVersion }: ObjectRef): Finding {
  const first = members.toSorted()[0] ?? "";
  const at = members.indexOf(first);
  const ordered = [...members.slice(at), ...members.slice(0, at), first];
  const [kind = "", namespace = "", name = ""] = first.split("/");
  return found({
    stage: "dependencies",
    ref: { apiVersion, kind, namespace, name },
    reason: "DependencyCycle",
    message: `each waits for the next, for ever: ${ordered.map((member) => member.slice(member.indexOf("/") + 1)).join(" → ")}`,
  });
}

/** The cycle that a wait for `ref` would close; undefined when it is not on the way. */
export function closesCycle(ref: ObjectRef, here: readonly string[]): Finding | undefined {
  const at = here.indexOf(formatSubject(ref));
  return at < 0 ? undefined : cycleOf(here.slice(at), ref);
}
