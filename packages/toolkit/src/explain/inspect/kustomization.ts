// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import type { Link, Stage } from "../explanation.ts";
import type { Finding } from "../finding.ts";
import { after, formatSubject, found, NOTHING, subjectOf } from "../finding.ts";
import { refTo } from "../kinds.ts";
import { conditionOf, isTrueAt, textAt, timeAt } from "../read-object.ts";
import type { Inspect, Walk } from "../walk.ts";
import { keyOf } from "../walk.ts";
import { applyFindings } from "./apply-failure.ts";
import { buildFindings } from "./build-failure.ts";
import { blockedBy } from "./dependencies.ts";
import { healthFindings } from "./health.ts";
import { missing, notFound } from "./missing.ts";
import { isProgressing, isRequestIgnored, neglected, readyOf, standingOf } from "./standing.ts";

/** A new revision that is not taken up for so long is a fault. */
const SOON_MS = 60_000;

/** A Kustomization: its source, what it depends on, then the step at which it stands. */
export const inspectKustomization: Inspect = (ref, walk, path) => {
  const look = walk.get(ref);
  if (look.is === "unknown") return NOTHING;
  if (look.is === "absent") return { links: [], findings: [notFound(ref, "dependencies", undefined)] };
  const { object } = look;
  const here = [...path, keyOf(ref)];
  const source = sourceRefOf(object, ref);
  const upstream = walk.inspect(source, here);
  const sources = upstream.findings.map((finding) =>
    finding.reason === "NotFound" && finding.trail.length === 0 && formatSubject(finding.ref) === formatSubject(source)
      ? notFound(source, "source", ref)
      : finding,
  );
  const standing = standingOf(object, ref, stageOf(object), walk, here);
  const blocked = standing.some(({ reason }) => reason === "NotReconciled" || reason === "Progressing");
  const steps = blocked ? { links: [], findings: [] } : stepsOf(object, ref, walk, here);
  const failures = sources.filter(({ weight }) => weight === "failure");
  const holds = sources.filter(({ weight }) => weight === "hold");
  // That it has no artifact is what its source says better.
  const own =
    failures.length === 0
      ? steps.findings
      : steps.findings.filter(({ weight, reason }) => weight === "failure" || reason !== "ArtifactFailed");
  const revision = textAt(object, "status", "lastAppliedRevision");
  const applied: readonly Link[] =
    steps.findings.length === 0 && standing.length === 0 && revision !== ""
      ? [{ stage: "apply", state: "ok", object: subjectOf(ref), text: `applied ${revision}` }]
      : [];
  return {
    links: [...upstream.links, ...applied, ...steps.links],
    findings: [...failures, ...after(upstream.links, [...standing, ...own]), ...holds],
  };
};

/** The source of a Kustomization. */
export function sourceRefOf(object: KubeObject, { namespace }: ObjectRef): ObjectRef {
  const field = (name: string): string => textAt(object, "spec", "sourceRef", name);
  return refTo(field("kind"), field("namespace") || namespace, field("name"), field("apiVersion") || undefined);
}

function stageOf(object: KubeObject): Stage {
  switch (readyOf(object)?.reason) {
    case "ArtifactFailed":
      return "artifact";
    case "BuildFailed":
      return "build";
    case "DependencyNotReady":
      return "dependencies";
    case "HealthCheckFailed":
    case "HealthCheckCanceled":
      return "health";
    default:
      return "apply";
  }
}

interface Steps {
  readonly links: readonly Link[];
  readonly findings: readonly Finding[];
}

function stepsOf(object: KubeObject, ref: ObjectRef, walk: Walk, here: readonly string[]): Steps {
  const ready = readyOf(object);
  if (ready === undefined) return { links: [], findings: [] };
  const { status, reason, message } = ready;
  const self = (weight: Finding["weight"] = "failure", stage = stageOf(object)): Finding =>
    found({ weight, stage, ref, reason, message, condition: { type: "Ready", status } });
  if (status === "True") return readySteps(object, ref, walk, here);
  const step: Link = { stage: stageOf(object), state: "failed", object: subjectOf(ref), text: `${reason}: ${message}` };
  switch (reason) {
    case "ArtifactFailed":
      // Without an artifact, the source says why.
      return {
        links: [],
        findings: [/not found, retrying|^\w+\.source\.toolkit\.fluxcd\.io .* not found$/.test(message) ? self("hold") : self()],
      };
    case "BuildFailed":
      return { links: [], findings: after([], buildFindings(object, ref, ready, walk)) };
    case "DependencyNotReady":
      return { links: [], findings: after([step], blockedBy(object, ref, message, walk, here)).concat(self("hold")) };
    case "HealthCheckFailed":
      return { links: [], findings: [...after([step], healthFindings(object, ref, { message, isThorough: true }, walk, here)), self()] };
    case "HealthCheckCanceled":
      return { links: [], findings: [self("hold")] };
    case "Progressing":
    case "ProgressingWithRetry": {
      const waiting: Link = { stage: "health", state: "waiting", object: subjectOf(ref), text: progressOf(object) };
      const health = healthFindings(object, ref, { message, isThorough: true }, walk, here);
      const text = progressOf(object);
      return { links: [], findings: [...after([waiting], health), { ...self("hold", "health"), message: text }] };
    }
    default:
      return {
        links: [],
        findings: [...after([step], missingForApply(object, ref, walk)), ...applyFindings(object, ref, ready, walk, here)],
      };
  }
}

/** What it says that it is doing. */
function progressOf(object: KubeObject): string {
  return conditionOf(object, "Reconciling")?.message || readyOf(object)?.message || "in progress";
}

/** It said that all is well: whether that is still so, and of the newest revision. */
function readySteps(object: KubeObject, ref: ObjectRef, walk: Walk, here: readonly string[]): Steps {
  const health = healthFindings(object, ref, { message: "", isThorough: isTrueAt(object, "spec", "wait") }, walk, here);
  const late = isTrueAt(object, "spec", "suspend") ? [] : lagOf(object, ref, walk, here);
  const links: readonly Link[] =
    health.length > 0 ? [] : [{ stage: "health", state: "ok", object: subjectOf(ref), text: "what it applied is as it should be" }];
  return { links, findings: [...health, ...late] };
}

/** A revision that the source has for a while, and that nobody took up. */
function lagOf(object: KubeObject, ref: ObjectRef, walk: Walk, here: readonly string[]): readonly Finding[] {
  if (isProgressing(object)) return [];
  if (isRequestIgnored(object, walk.now)) return neglected(object, ref, "apply", walk, here);
  const source = walk.get(sourceRefOf(object, ref));
  if (source.is !== "there") return [];
  const revision = textAt(source.object, "status", "artifact", "revision");
  const since = timeAt(source.object, "status", "artifact", "lastUpdateTime");
  if (revision === "" || revision === textAt(object, "status", "lastAppliedRevision")) return [];
  const message = `${formatSubject(ref)} has not applied ${revision} yet`;
  if (since === undefined || walk.now - since < SOON_MS)
    return [found({ weight: "hold", stage: "apply", ref, reason: "Progressing", message })];
  return neglected(object, ref, "apply", walk, here).map((finding) =>
    finding.reason === "Progressing" || finding.reason === "NotReconciled"
      ? { ...finding, weight: "failure", reason: "NotReconciled", message }
      : finding,
  );
}

/** What an apply needs besides the manifests. */
function missingForApply(object: KubeObject, ref: ObjectRef, walk: Walk): readonly Finding[] {
  const refs = [
    ["Secret", textAt(object, "spec", "kubeConfig", "secretRef", "name")],
    ["ConfigMap", textAt(object, "spec", "kubeConfig", "configMapRef", "name")],
  ] as const;
  return missing(
    refs.filter(([, name]) => name !== "").map(([kind, name]) => refTo(kind, ref.namespace, name)),
    "apply",
    ref,
    walk,
  );
}
