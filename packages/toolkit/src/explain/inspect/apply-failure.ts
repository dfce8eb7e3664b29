// SPDX-License-Identifier: Apache-2.0
import type { Condition, KubeObject, ObjectRef } from "@flux-ts/kube-core";
import type { Link } from "../explanation.ts";
import type { Place } from "../facts.ts";
import type { Finding } from "../finding.ts";
import { after, formatSubject, found, subjectOf } from "../finding.ts";
import { apiVersionOf, refTo } from "../kinds.ts";
import { textAt } from "../read-object.ts";
import type { Walk } from "../walk.ts";
import { healthFindings, isRemote } from "./health.ts";
import { notFound } from "./missing.ts";
import { placeOfObject } from "./place.ts";

/** The object that the API server refused: `Kind/namespace/name dry-run failed (Reason): text`. @see spec G-SSA-11 */
const REFUSED =
  /^(?:[\w ]+ failed: )?([A-Z]\w*)\/(?:([a-z0-9][a-z0-9.-]*)\/)?(\S+?) (?:dry-run failed|apply failed|not found|namespace not specified|delete failed)(?: \((\w+)\))?(?:, error)?: (.*)/s;
/** What the controller refuses itself. @see spec G-DEC-1 */
const ENCRYPTED = /^(Secret)\/([^/\s]+)\/(\S+) is (SOPS encrypted.*)/s;

/** An apply, or what comes with it, that failed. */
export function applyFindings(
  object: KubeObject,
  ref: ObjectRef,
  ready: Condition,
  walk: Walk,
  here: readonly string[],
): readonly Finding[] {
  const { reason, message, status } = ready;
  const condition = { type: "Ready", status } as const;
  const step: Link = { stage: "apply", state: "failed", object: subjectOf(ref), text: `${reason}: ${firstLine(message)}` };
  const refused = readRefusal(message);
  if (refused === undefined) {
    const health = / status: '/.test(message) ? healthFindings(object, ref, { message, isThorough: false }, walk, here) : [];
    return [...after([step], health), found({ stage: "apply", ref, reason, message, condition })];
  }
  const { kind, namespace, name, text } = refused;
  const its = refTo(kind, namespace, name, versionIn(text) ?? apiVersionOf(kind) ?? "v1");
  const origin = walk.buildOf(ref);
  const placeAt = (...paths: readonly string[]): { readonly place?: Place } => {
    const place = placeOfObject(origin, its, ...paths);
    return place === undefined ? {} : { place };
  };
  const causes = causesOf(text, its, ref, object, walk, here);
  const own = found({ stage: "apply", ref: its, reason, message, condition, because: ref, ...placeAt(...fieldsIn(text)) });
  const placed = causes.map((cause) =>
    cause.reason === "NotFound" && cause.ref.kind === "Namespace" ? { ...cause, ...placeAt("metadata.namespace") } : cause,
  );
  return [...after([step], placed), own];
}

/** What is behind a refusal, where that is another object. */
function causesOf(
  text: string,
  its: ObjectRef,
  ref: ObjectRef,
  object: KubeObject,
  walk: Walk,
  here: readonly string[],
): readonly Finding[] {
  const namespace = /^namespaces "([^"]+)" not found/.exec(text)?.[1] ?? /namespace (\S+) because it is being terminated/.exec(text)?.[1];
  if (namespace !== undefined) {
    const target = refTo("Namespace", undefined, namespace);
    if (isRemote(object)) return [notFound(target, "apply", its)];
    const look = walk.get(target);
    return look.is === "there" ? walk.inspect(target, here).findings : [notFound(target, "apply", its)];
  }
  const account = /User "system:serviceaccount:([^:"]+):([^:"]+)" cannot /.exec(text);
  if (account !== null) {
    const [, where = "", name = ""] = account;
    const target = refTo("ServiceAccount", where, name);
    const isOwn = textAt(object, "spec", "serviceAccountName") === name && where === ref.namespace;
    if (isOwn && !isRemote(object) && walk.isAbsent(target)) return [notFound(target, "apply", ref)];
    return [found({ stage: "apply", ref: target, reason: "Forbidden", message: text, because: ref })];
  }
  const quota = /exceeded quota: ([a-z0-9.-]+)/.exec(text)?.[1];
  if (quota !== undefined) {
    return [
      found({ stage: "apply", ref: refTo("ResourceQuota", its.namespace, quota), reason: "QuotaExceeded", message: text, because: its }),
    ];
  }
  const webhook = /failed calling webhook "[^"]*".*?https:\/\/([a-z0-9-]+)\.([a-z0-9-]+)\.svc/s.exec(text);
  if (webhook !== null && !isRemote(object)) {
    const [, service = "", where = ""] = webhook;
    const target = refTo("Service", where, service);
    const { findings } = walk.inspect(target, here);
    return findings.map((finding) => (finding.reason === "NotFound" ? notFound(target, "apply", its) : finding));
  }
  return [];
}

/** `no matches for kind "A" in version "b/v1"` */
function versionIn(text: string): string | undefined {
  return /no matches for kind "[^"]*" in version "([^"]+)"/.exec(text)?.[1];
}

/** Paths of fields that the API server names: `spec.selector: Invalid value: …`, `.spec.foo: field not declared in schema`. */
function fieldsIn(text: string): readonly string[] {
  return [...text.matchAll(/(?:^|[\s:,[])\.?((?:spec|data|metadata|rules|webhooks|subjects|roleRef)(?:\.[\w-]+|\[\d+\])*)(?=:)/g)].map(
    ([, path = ""]) => path.replaceAll(/\[(\d+)\]/g, ".$1"),
  );
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}

interface Refusal {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The words of the API server. */
  readonly text: string;
}

function readRefusal(message: string): Refusal | undefined {
  const refused = REFUSED.exec(message);
  if (refused !== null) {
    const [, kind = "", namespace = "", name = "", , text = ""] = refused;
    return { kind, namespace, name, text };
  }
  const encrypted = ENCRYPTED.exec(message);
  if (encrypted === null) return undefined;
  const [, kind = "", namespace = "", name = "", text = ""] = encrypted;
  return { kind, namespace, name, text };
}

/** Names the object that a message of an apply is about; undefined when it names none. */
export function refusedIn(message: string): string | undefined {
  const refused = readRefusal(message);
  return refused === undefined ? undefined : formatSubject(refused);
}
