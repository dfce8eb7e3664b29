// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import { toApiVersion } from "@flux-ts/kube-core";
import { parseId } from "../../apply/object-id.ts";
import type { Link } from "../explanation.ts";
import type { Finding } from "../finding.ts";
import { after, formatSubject, found, subjectOf } from "../finding.ts";
import { apiVersionOf, isFlux, refTo } from "../kinds.ts";
import { listAt, textAt } from "../read-object.ts";
import type { Walk } from "../walk.ts";
import { closesCycle } from "./dependencies.ts";
import { notFound } from "./missing.ts";
import { placeOfObject } from "./place.ts";

/** Of an inventory, this many objects are looked at. */
const MOST_OBJECTS = 100;

/** Kinds that are as they should be as soon as they are there. */
const WITHOUT_HEALTH: ReadonlySet<string> = new Set(
  "ConfigMap Secret ServiceAccount Role RoleBinding ClusterRole ClusterRoleBinding NetworkPolicy LimitRange ResourceQuota PriorityClass StorageClass IngressClass ValidatingWebhookConfiguration MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding EndpointSlice Endpoints PodDisruptionBudget".split(
    " ",
  ),
);

export interface HealthQuestion {
  /** That names objects, or names none. */
  readonly message: string;
  /** Kinds of Flux count too: somebody waits for them. */
  readonly isThorough: boolean;
}

/** What is wrong with the objects that an object of Flux applied, or waits for: those that its message names come first. */
export function healthFindings(
  object: KubeObject,
  ref: ObjectRef,
  { message, isThorough }: HealthQuestion,
  walk: Walk,
  here: readonly string[],
): readonly Finding[] {
  const inventory = inventoryOf(object);
  if (isRemote(object)) return onOtherCluster(ref, message, walk);
  const named = namedIn(message).map((name) => inventory.find((each) => formatSubject(each) === formatSubject(name)) ?? name);
  const checks = listAt(object, "spec", "healthChecks").map((each) =>
    refTo(textAt(each, "kind"), textAt(each, "namespace"), textAt(each, "name"), textAt(each, "apiVersion") || "apps/v1"),
  );
  const others = [...checks, ...inventory].filter(
    ({ kind, apiVersion }) => !WITHOUT_HEALTH.has(kind) && (isThorough || !isFlux({ apiVersion })),
  );
  const candidates = new Map([...named, ...others.slice(0, MOST_OBJECTS)].map((each) => [formatSubject(each), each]));
  candidates.delete(formatSubject(ref));
  const names = new Set(named.map(formatSubject));
  return [...candidates.values()].flatMap((each) => {
    const isNamed = names.has(formatSubject(each));
    const findings = findingsOf(each, ref, walk, here);
    if (findings.length === 0 && isNamed && isJudgedByExpression(object, each)) return [byExpression(each, ref, message)];
    // Jobs may be gone when they are done.
    const isGone = findings[0]?.reason === "NotFound" && formatSubject(findings[0].ref) === formatSubject(each);
    return isGone && !isNamed && (each.kind === "Job" || each.kind === "Pod") ? [] : findings;
  });
}

/** Whether its objects are applied to another cluster, of which nothing is known here. */
export function isRemote(object: KubeObject): boolean {
  return ["secretRef", "configMapRef"].some((field) => textAt(object, "spec", "kubeConfig", field, "name") !== "");
}

/** What a message tells of objects that cannot be looked up. */
function onOtherCluster(ref: ObjectRef, message: string, walk: Walk): readonly Finding[] {
  walk.note(`objects of ${formatSubject(ref)}: they are on the cluster of its kubeConfig`);
  return namedIn(message).map((its) => {
    const state = statusIn(message, its);
    const text = `its status is '${state}', on the cluster of the kubeConfig of ${formatSubject(ref)}`;
    return found({ stage: "health", ref: its, reason: state, message: text, because: ref });
  });
}

function isJudgedByExpression(object: KubeObject, { kind }: ObjectRef): boolean {
  return listAt(object, "spec", "healthCheckExprs").some((each) => textAt(each, "kind") === kind);
}

function byExpression(its: ObjectRef, ref: ObjectRef, message: string): Finding {
  const state = statusIn(message, its);
  const text = `spec.healthCheckExprs of ${formatSubject(ref)} take it for '${state}'`;
  return found({ stage: "health", ref: its, reason: state, message: text, because: ref });
}

/** `Failed`, as a message of a health check has it for an object. */
function statusIn(message: string, ref: ObjectRef): string {
  const at = message.indexOf(`${formatSubject(ref)} status: '`);
  return at < 0 ? "Unknown" : (/status: '(\w+)'/.exec(message.slice(at))?.[1] ?? "Unknown");
}

function findingsOf(target: ObjectRef, ref: ObjectRef, walk: Walk, here: readonly string[]): readonly Finding[] {
  const cycle = closesCycle(target, here);
  if (cycle !== undefined) return [cycle];
  const { findings } = walk.inspect(target, here);
  if (findings.length === 0) return [];
  const build = walk.buildOf(ref);
  const step: Link = { stage: "health", state: "failed", object: subjectOf(target), text: "is not as it should be" };
  return findings.map((finding) => {
    const isItself = formatSubject(finding.ref) === formatSubject(target);
    const told = isItself && finding.reason === "NotFound" ? notFound(target, "health", ref) : finding;
    const place = told.place ?? placeOfObject(build, target, ...(told.paths ?? []).map((path) => podPath(target.kind, path)));
    const placed = place === undefined ? told : { ...told, place };
    return isItself && finding.trail.length === 0 ? placed : (after([step], [placed])[0] ?? placed);
  });
}

/** Where the spec of pods is in an object that makes them. */
export function podPath(kind: string, path: string): string {
  if (kind === "Pod") return `spec.${path}`;
  return kind === "CronJob" ? `spec.jobTemplate.spec.template.spec.${path}` : `spec.template.spec.${path}`;
}

/** What an object of Flux applied. Entries that cannot be read are left out. */
export function inventoryOf(object: KubeObject): readonly ObjectRef[] {
  return listAt(object, "status", "inventory", "entries").flatMap((entry) => {
    try {
      const { group, kind, namespace, name } = parseId(textAt(entry, "id"));
      return [refTo(kind, namespace, name, toApiVersion(group, textAt(entry, "v")))];
    } catch {
      return [];
    }
  });
}

/** Objects that a message of a health check names: `Deployment/default/web status: 'Failed'`, `resource Deployment/default/web not ready`. */
export function namedIn(message: string): readonly ObjectRef[] {
  const names = message.matchAll(/([A-Z]\w*)\/(?:([a-z0-9][a-z0-9.-]*)\/)?([^\s/'\]]+)(?= status: '| not ready)/g);
  return [...names].map(([, kind = "", namespace = "", name = ""]) => refTo(kind, namespace, name, apiVersionOf(kind) ?? "v1"));
}
