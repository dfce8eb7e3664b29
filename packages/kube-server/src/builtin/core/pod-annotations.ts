// SPDX-License-Identifier: Apache-2.0
import { goQuote, type JsonObject } from "@flux-ts/kube-core";
import { objectAt, objectsAt, textAt } from "../shape.ts";
import type { Problems } from "../validation/problems.ts";
import { descendingPath } from "../validation/scalars.ts";

const MIRROR = "kubernetes.io/config.mirror";
const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
const SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
const APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
const SECCOMP_PROFILES: ReadonlySet<string> = new Set(["runtime/default", "docker/default", "unconfined"]);
const LOCALHOST = "localhost/";
const MAX_INT32 = 2 ** 31;

/** Annotations that mean something to pods. @see kubernetes pkg/apis/core/validation ValidatePodSpecificAnnotations */
export function podAnnotations(annotations: JsonObject, spec: JsonObject, path: string, problems: Problems): void {
  if (Object.hasOwn(annotations, MIRROR) && textAt(spec, "nodeName") === "") {
    problems.invalid(`${path}[${MIRROR}]`, annotations[MIRROR], "must set spec.nodeName if mirror pod annotation is set");
  }
  const cost = textAt(annotations, DELETION_COST);
  const isCost = /^(?:0|-?[1-9]\d*)$/.test(cost) && Number(cost) < MAX_INT32 && Number(cost) >= -MAX_INT32;
  if (Object.hasOwn(annotations, DELETION_COST) && !isCost) problems.invalid(`${path}[${DELETION_COST}]`, cost, "must be a 32bit integer");
  for (const key of Object.keys(annotations)) {
    const profile = textAt(annotations, key);
    if (key === SECCOMP_POD || key.startsWith(SECCOMP_CONTAINER)) seccomp(profile, `${path}.${key}`, problems);
    else if (key.startsWith(APP_ARMOR)) appArmor(key.slice(APP_ARMOR.length), profile, spec, `${path}[${key}]`, problems);
  }
}

function seccomp(profile: string, path: string, problems: Problems): void {
  if (profile.startsWith(LOCALHOST)) descendingPath(profile.slice(LOCALHOST.length), path, problems);
  else if (!SECCOMP_PROFILES.has(profile)) problems.invalid(path, profile, "must be a valid seccomp profile");
}

function appArmor(container: string, profile: string, spec: JsonObject, path: string, problems: Problems): void {
  const names = ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
    objectsAt(spec, list).map((one) => textAt(one, "name")),
  );
  if (!names.includes(container)) problems.invalid(path, container, "container not found");
  const isKnown = profile === "" || profile === "runtime/default" || profile === "unconfined" || profile.startsWith(LOCALHOST);
  if (!isKnown) problems.invalid(path, profile, `invalid AppArmor profile name: ${goQuote(profile)}`);
}

/** What an update may not do to them. @see kubernetes pkg/apis/core/validation ValidatePodSpecificAnnotationUpdates */
export function podAnnotationChanges(object: JsonObject, old: JsonObject, problems: Problems): void {
  const path = "metadata.annotations";
  const [now, before] = [objectAt(objectAt(object, "metadata"), "annotations"), objectAt(objectAt(old, "metadata"), "annotations")];
  for (const key of Object.keys({ ...before, ...now })) {
    const existed = Object.hasOwn(before, key);
    if (existed && Object.hasOwn(now, key) && now[key] === before[key]) continue;
    const verb = existed ? "remove or update" : "add";
    if (key.startsWith(APP_ARMOR)) problems.forbidden(`${path}[${key}]`, `may not ${verb} AppArmor annotations`);
    if (key === MIRROR) problems.forbidden(`${path}[${key}]`, `may not ${verb} mirror pod annotation`);
  }
}
