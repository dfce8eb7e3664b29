// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import type { Link } from "../explanation.ts";
import type { Finding } from "../finding.ts";
import { after, found, NOTHING, subjectOf } from "../finding.ts";
import { refTo } from "../kinds.ts";
import { isTrueAt, listAt, textAt } from "../read-object.ts";
import type { Inspect, Walk } from "../walk.ts";
import { keyOf } from "../walk.ts";
import { blockedBy } from "./dependencies.ts";
import { healthFindings } from "./health.ts";
import { notFound } from "./missing.ts";
import { readyOf, standingOf } from "./standing.ts";

/** A HelmRelease, by its status: its chart, what it depends on, its values, then what it released. */
export const inspectHelmRelease: Inspect = (ref, walk, path) => {
  const look = walk.get(ref);
  if (look.is === "unknown") return NOTHING;
  if (look.is === "absent") return { links: [], findings: [notFound(ref, "dependencies", undefined)] };
  const { object } = look;
  const here = [...path, keyOf(ref)];
  const chart = chartOf(object, ref);
  const upstream = chart === undefined ? NOTHING : walk.inspect(chart, here);
  const standing = standingOf(object, ref, "apply", walk, here);
  const blocked = standing.some(({ reason }) => reason === "NotReconciled" || reason === "Progressing");
  const own = blocked ? [] : ownFindings(object, ref, walk, here);
  const failures = upstream.findings.filter(({ weight }) => weight === "failure");
  const holds = upstream.findings.filter(({ weight }) => weight === "hold");
  const isOk = standing.length === 0 && own.length === 0;
  const text = readyOf(object)?.message ?? "";
  const link: Link = { stage: "apply", state: "ok", object: subjectOf(ref), text };
  return {
    links: [...upstream.links, ...(isOk ? [link] : [])],
    findings: [...failures, ...after(upstream.links, [...standing, ...own]), ...holds],
  };
};

/** Its HelmChart, or what it refers to in place of one. */
function chartOf(object: KubeObject, { namespace }: ObjectRef): ObjectRef | undefined {
  const [where = "", name = ""] = textAt(object, "status", "helmChart").split("/");
  if (name !== "") return refTo("HelmChart", where, name);
  const field = (parts: readonly string[], key: string): string => textAt(object, "spec", ...parts, key);
  for (const parts of [["chartRef"], ["chart", "spec", "sourceRef"]]) {
    const kind = field(parts, "kind");
    if (kind !== "") return refTo(kind, field(parts, "namespace") || namespace, field(parts, "name"));
  }
  return undefined;
}

function ownFindings(object: KubeObject, ref: ObjectRef, walk: Walk, here: readonly string[]): readonly Finding[] {
  const ready = readyOf(object);
  if (ready === undefined) return [];
  const { status, reason, message } = ready;
  if (status === "True") return healthFindings(object, ref, { message: "", isThorough: false }, walk, here);
  const self = (weight: Finding["weight"]): Finding =>
    found({ weight, stage: stageOf(reason), ref, reason, message, condition: { type: "Ready", status } });
  const step: Link = { stage: stageOf(reason), state: "failed", object: subjectOf(ref), text: `${reason}: ${message}` };
  const values = listAt(object, "spec", "valuesFrom")
    .filter((each) => !isTrueAt(each, "optional"))
    .map((each) => refTo(textAt(each, "kind"), ref.namespace, textAt(each, "name")))
    .filter((each) => walk.isAbsent(each))
    .map((each) => notFound(each, "build", ref));
  if (reason === "DependencyNotReady") return [...after([step], blockedBy(object, ref, message, walk, here)), self("hold")];
  if (values.length > 0) return [...after([step], values), self("failure")];
  if (reason === "SourceNotReady" || (reason === "ArtifactFailed" && /not found|not ready/.test(message))) return [self("hold")];
  const health = healthFindings(object, ref, { message, isThorough: true }, walk, here);
  return [...after([step], health), self(status === "False" ? "failure" : "hold")];
}

function stageOf(reason: string): Finding["stage"] {
  switch (reason) {
    case "SourceNotReady":
    case "ArtifactFailed":
      return "artifact";
    case "ValuesError":
    case "ChartMutateError":
      return "build";
    case "DependencyNotReady":
      return "dependencies";
    case "TestFailed":
      return "health";
    default:
      return "apply";
  }
}
