// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import type { Finding } from "../finding.ts";
import { after, found, NOTHING, subjectOf } from "../finding.ts";
import { refTo } from "../kinds.ts";
import { listAt, textAt } from "../read-object.ts";
import type { Inspect } from "../walk.ts";
import { keyOf } from "../walk.ts";
import { missing, notFound } from "./missing.ts";
import { isSuspended, readyOf, standingOf } from "./standing.ts";

/** References from one object of Flux to another, beside those to sources. */
const REFERENCES: readonly (readonly [field: string, kind: string])[] = [
  ["imageRepositoryRef", "ImageRepository"],
  ["providerRef", "Provider"],
];

/** Any other object of Flux, by what it refers to and its Ready condition. */
export const inspectFluxObject: Inspect = (ref, walk, path) => {
  const look = walk.get(ref);
  if (look.is === "unknown") return NOTHING;
  if (look.is === "absent") return { links: [], findings: [notFound(ref, "source", undefined)] };
  const { object } = look;
  const here = [...path, keyOf(ref)];
  const upstream = refsOf(object, ref).flatMap((each) => {
    const { findings } = walk.inspect(each, here);
    return findings.map((finding) =>
      finding.reason === "NotFound" && finding.because === undefined ? notFound(each, "source", ref) : finding,
    );
  });
  const ready = readyOf(object);
  // Kinds that nothing reconciles have no conditions.
  const isStatic = object["status"] === undefined && (ref.kind === "Alert" || ref.kind === "Provider");
  const standing = isStatic && !isSuspended(object) ? [] : standingOf(object, ref, "source", walk, here);
  const secrets = ["secretRef", "certSecretRef", "proxySecretRef"]
    .map((field) => textAt(object, "spec", field, "name"))
    .filter((name) => name !== "")
    .map((name) => refTo("Secret", ref.namespace, name));
  const own: Finding[] = [];
  if (ready?.status === "False" || isStatic) own.push(...missing(secrets, "source", ref, walk));
  if (ready !== undefined && ready.status !== "True") {
    const { status, reason, message } = ready;
    const step = { stage: "source", state: "failed", object: subjectOf(ref), text: `${reason}: ${message}` } as const;
    const self = found({
      weight: status === "False" ? "failure" : "hold",
      stage: "source",
      ref,
      reason,
      message,
      condition: { type: "Ready", status },
    });
    const all = [...after([step], own), self];
    own.splice(0, own.length, ...all);
  }
  const findings = [...upstream, ...standing, ...own];
  const text = ready?.message ?? "there";
  return { findings, links: findings.length > 0 ? [] : [{ stage: "source", state: "ok", object: subjectOf(ref), text }] };
};

function refsOf(object: KubeObject, { namespace }: ObjectRef): readonly ObjectRef[] {
  const refs = REFERENCES.flatMap(([field, kind]) => {
    const name = textAt(object, "spec", field, "name");
    return name === "" ? [] : [refTo(kind, textAt(object, "spec", field, "namespace") || namespace, name)];
  });
  const kind = textAt(object, "spec", "sourceRef", "kind");
  const source =
    kind === ""
      ? []
      : [refTo(kind, textAt(object, "spec", "sourceRef", "namespace") || namespace, textAt(object, "spec", "sourceRef", "name"))];
  const sources = listAt(object, "spec", "sources").map((each) =>
    refTo(textAt(each, "kind"), textAt(each, "namespace") || namespace, textAt(each, "name")),
  );
  return [...refs, ...source, ...sources];
}
