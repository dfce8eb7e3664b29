// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import type { Link } from "../explanation.ts";
import type { Finding } from "../finding.ts";
import { after, found, NOTHING, subjectOf } from "../finding.ts";
import { refTo, SOURCE } from "../kinds.ts";
import { listAt, textAt } from "../read-object.ts";
import type { Inspect, Walk } from "../walk.ts";
import { keyOf } from "../walk.ts";
import { missing, notFound } from "./missing.ts";
import { isProgressing, isSuspended, readyOf, standingOf, suspended } from "./standing.ts";

/** A source of any kind: what it is fetched from, what it needs for that, and whether it has an artifact. */
export const inspectSource: Inspect = (ref, walk, path) => {
  const look = walk.get(ref);
  if (look.is === "unknown") return NOTHING;
  if (look.is === "absent") return { links: [], findings: [notFound(ref, "source", undefined)] };
  const { object } = look;
  // An OCI registry of charts is only an address: nothing reconciles it.
  if (ref.kind === "HelmRepository" && textAt(object, "spec", "type") === "oci") {
    const link: Link = { stage: "source", state: "ok", object: subjectOf(ref), text: textAt(object, "spec", "url") };
    return { links: [link], findings: missing(secretsOf(object, ref), "source", ref, walk) };
  }
  const here = [...path, keyOf(ref)];
  const revision = textAt(object, "status", "artifact", "revision");
  const upstream = walkUpstream(object, ref, walk, here);
  const standing = standingOf(object, ref, "source", walk, here).filter(({ reason }) => reason !== "Suspended");
  const own = [...standing, ...fetchProblems(object, ref, revision, walk)];
  // What is suspended keeps its artifact, so that a failure further on counts more.
  const held = isSuspended(object) ? [suspended(ref, "source", revision === "" ? "failure" : "hold")] : [];
  const findings = [...upstream, ...(revision === "" ? [...held, ...own] : [...own, ...held])];
  const isOk = findings.length === 0;
  const text = readyOf(object)?.message ?? "not reconciled yet";
  return {
    findings,
    links: [
      ...(isOk ? [{ stage: "source", state: "ok", object: subjectOf(ref), text } as const] : []),
      ...(isOk && revision !== "" ? [{ stage: "artifact", state: "ok", object: subjectOf(ref), text: revision } as const] : []),
    ],
  };
};

/** What this source is made of: a chart's repository, repositories that are included, what an artifact was made from. */
function walkUpstream(object: KubeObject, ref: ObjectRef, walk: Walk, here: readonly string[]): readonly Finding[] {
  const { namespace } = ref;
  const refs: ObjectRef[] = [];
  const kind = textAt(object, "spec", "sourceRef", "kind");
  if (kind !== "") {
    const version = textAt(object, "spec", "sourceRef", "apiVersion");
    const its = textAt(object, "spec", "sourceRef", "namespace") || namespace;
    refs.push(refTo(kind, its, textAt(object, "spec", "sourceRef", "name"), version || undefined));
  }
  const isReady = readyOf(object)?.status === "True";
  if (!isReady) {
    for (const include of listAt(object, "spec", "include")) {
      refs.push({
        apiVersion: SOURCE,
        kind: "GitRepository",
        ...(namespace ? { namespace } : {}),
        name: textAt(include, "repository", "name"),
      });
    }
  }
  const step: Link = { stage: "source", state: isReady ? "ok" : "failed", object: subjectOf(ref), text: readyOf(object)?.message ?? "" };
  return refs.flatMap((each) => {
    const { findings } = walk.inspect(each, here);
    const named = findings.map((finding) =>
      finding.reason === "NotFound" && finding.because === undefined ? { ...notFound(each, "source", ref), trail: finding.trail } : finding,
    );
    return after(isReady ? [] : [step], named);
  });
}

function fetchProblems(object: KubeObject, ref: ObjectRef, revision: string, walk: Walk): readonly Finding[] {
  const ready = readyOf(object);
  if (ready?.status === "False") {
    const gone = missing(secretsOf(object, ref), "source", ref, walk);
    const step: Link = { stage: "source", state: "failed", object: subjectOf(ref), text: `${ready.reason}: ${ready.message}` };
    const own = found({
      stage: "source",
      ref,
      reason: ready.reason,
      message: ready.message,
      condition: { type: "Ready", status: "False" },
    });
    return [...after([step], gone), own];
  }
  if (revision !== "" || isSuspended(object)) return [];
  if (ready === undefined && !isProgressing(object)) return [];
  const message = ready?.message || "the first artifact is being made";
  return [found({ weight: "hold", stage: "source", ref, reason: ready?.reason || "Progressing", message })];
}

/** The Secrets and the ServiceAccount that a source may need. */
function secretsOf(object: KubeObject, { namespace }: ObjectRef): readonly ObjectRef[] {
  const names = [["secretRef"], ["certSecretRef"], ["proxySecretRef"], ["verify", "secretRef"]].map((path) =>
    textAt(object, "spec", ...path, "name"),
  );
  const account = textAt(object, "spec", "serviceAccountName");
  return [
    ...names.filter((name) => name !== "").map((name) => refTo("Secret", namespace, name)),
    ...(account === "" ? [] : [refTo("ServiceAccount", namespace, account)]),
  ];
}
