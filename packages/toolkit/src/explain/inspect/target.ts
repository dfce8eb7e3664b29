// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import type { Finding, Inspection } from "../finding.ts";
import { after, formatSubject } from "../finding.ts";
import { HELM, isFlux, KUSTOMIZE, refTo } from "../kinds.ts";
import { textAt } from "../read-object.ts";
import type { Walk } from "../walk.ts";
import { refusedIn } from "./apply-failure.ts";
import { inventoryOf, namedIn, podPath } from "./health.ts";
import { placeOfObject } from "./place.ts";
import { readyOf } from "./standing.ts";

/** So many owners are looked through, from a Pod upwards. */
const MOST_OWNERS = 5;

/** What applied an object, and the topmost object that it made for that. */
interface Ownership {
  readonly owner: ObjectRef;
  readonly top: ObjectRef;
}

/** Looks at what was asked about; what is not of Flux is looked at itself, and then what applied it. */
export function inspectTarget(target: ObjectRef, walk: Walk): Inspection {
  const own = walk.inspect(target, []);
  if (isFlux(target) && own.findings.length > 0 && own.findings[0]?.reason !== "NotFound") return own;
  const look = walk.get(target);
  const ownership =
    look.is === "there" ? ownerOf(look.object, target, walk, 0) : look.is === "absent" ? expectedOwner(target, walk) : undefined;
  if (ownership === undefined) return own;
  const { owner, top } = ownership;
  const its = walk.inspect(owner, []);
  if (look.is === "absent")
    return { links: its.links, findings: [...its.findings.filter(isFailure), ...own.findings, ...its.findings.filter(isHold)] };
  // An object of Flux that is well itself is not held responsible for what applied it, unless that failed.
  const links = isFlux(target) ? own.links : [...its.links.filter(({ stage }) => stage !== "health"), ...own.links];
  if (isFlux(target)) return { links, findings: own.findings };
  const build = owner.kind === "Kustomization" && own.findings.length > 0 ? walk.buildOf(owner) : undefined;
  const findings = own.findings.map((finding) => {
    const place = finding.place ?? placeOfObject(build, top, ...(finding.paths ?? []).map((path) => podPath(top.kind, path)));
    return place === undefined ? finding : { ...finding, place };
  });
  // What is wrong with other objects beside it does not keep anything from it.
  const others = its.findings.filter(holdsDelivery);
  const before = its.links.filter(({ stage }) => stage !== "health");
  return {
    links,
    findings: [
      ...after(before, findings.filter(isFailure)),
      ...others.filter(isFailure),
      ...after(before, findings.filter(isHold)),
      ...others.filter(isHold),
    ],
  };
}

/** Whether a finding about what applies an object keeps changes from it: health comes after everything was applied. */
function holdsDelivery({ trail, stage }: Finding): boolean {
  const [first = stage] = trail.filter(({ state }) => state !== "ok").map((link) => link.stage);
  return first !== "health" && first !== "pods" && first !== "events";
}

function isFailure({ weight }: Finding): boolean {
  return weight === "failure";
}

function isHold({ weight }: Finding): boolean {
  return weight === "hold";
}

/** By the labels of Flux, of the object or of one that owns it. */
function ownerOf(object: KubeObject, ref: ObjectRef, walk: Walk, depth: number): Ownership | undefined {
  for (const [group, kind, apiVersion] of [
    ["kustomize.toolkit.fluxcd.io", "Kustomization", KUSTOMIZE],
    ["helm.toolkit.fluxcd.io", "HelmRelease", HELM],
  ] as const) {
    const name = textAt(object, "metadata", "labels", `${group}/name`);
    if (name !== "") return { owner: refTo(kind, textAt(object, "metadata", "labels", `${group}/namespace`), name, apiVersion), top: ref };
  }
  if (depth >= MOST_OWNERS) return undefined;
  const { ownerReferences = [], namespace } = object.metadata;
  for (const { apiVersion, kind, name } of ownerReferences) {
    const its = refTo(kind, namespace, name, apiVersion);
    const look = walk.get(its);
    const found = look.is === "there" ? ownerOf(look.object, its, walk, depth + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What should have applied an object that is not there: it has it in its inventory, or was refused when it applied it. */
function expectedOwner(target: ObjectRef, walk: Walk): Ownership | undefined {
  const wanted = formatSubject(target);
  for (const [apiVersion, kind] of [
    [KUSTOMIZE, "Kustomization"],
    [HELM, "HelmRelease"],
  ] as const) {
    for (const each of walk.list({ apiVersion, kind }) ?? []) {
      const message = readyOf(each)?.message ?? "";
      const isIts =
        inventoryOf(each).some((entry) => formatSubject(entry) === wanted) ||
        refusedIn(message) === wanted ||
        namedIn(message).some((named) => formatSubject(named) === wanted);
      if (isIts) return { owner: refTo(kind, each.metadata.namespace, each.metadata.name ?? "", apiVersion), top: target };
    }
  }
  return undefined;
}
