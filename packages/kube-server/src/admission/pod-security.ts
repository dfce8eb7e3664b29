// SPDX-License-Identifier: Apache-2.0
import type { FieldError, KubeObject } from "@flux-ts/kube-core";
import type { Plane } from "../plane.ts";
import { forbidden, invalid } from "../status-errors.ts";
import type { PodSpec } from "./pod.ts";
import { podSpec, PODS } from "./pod.ts";
import { POD_SECURITY_CHECKS } from "./pod-security-checks.ts";

const PREFIX = "pod-security.kubernetes.io/";
const LEVELS = ["privileged", "baseline", "restricted"] as const;
const MODES = ["enforce", "audit", "warn"] as const;
/** Kinds whose pods a warning looks at. */
const TEMPLATES: ReadonlySet<string> = new Set([
  "Deployment",
  "ReplicaSet",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "CronJob",
  "ReplicationController",
  "PodTemplate",
]);

type Level = (typeof LEVELS)[number];

/**
 * Holds pods to the level that their namespace enforces, and tells of the level that it warns of.
 * @returns texts for `Warning` headers
 * @throws {ApiError} 403
 * @see k8s.io/pod-security-admission
 */
export function checkPodSecurity(plane: Plane, object: KubeObject): readonly string[] {
  const isPod = object.kind === "Pod";
  if (!isPod && !TEMPLATES.has(object.kind)) return [];
  const labels = plane.store.get("namespaces", object.metadata.namespace ?? "")?.metadata.labels ?? {};
  const enforced = levelOf(labels, "enforce");
  const warned = levelOf(labels, "warn");
  if (enforced.level === "privileged" && warned.level === "privileged") return [];
  const spec = isPod ? podSpec(object) : templateSpec(object);
  if (isPod) {
    const violations = violationsOf(enforced.level, spec);
    if (violations !== "") {
      throw forbidden(PODS, object.metadata.name ?? "", `violates PodSecurity ${JSON.stringify(enforced.text)}: ${violations}`);
    }
  }
  const violations = violationsOf(warned.level, spec);
  return violations === "" ? [] : [`would violate PodSecurity ${JSON.stringify(warned.text)}: ${violations}`];
}

/**
 * A namespace must choose levels that there are; labels that were wrong before may stay.
 * @throws {ApiError} 422
 */
export function checkPodSecurityLabels(object: KubeObject, old: KubeObject | undefined): void {
  if (object.kind !== "Namespace" || object.apiVersion !== "v1") return;
  const errors = podSecurityLabelErrors(object);
  if (errors.length === 0 || (old !== undefined && podSecurityLabelErrors(old).length > 0)) return;
  throw invalid({ group: "", name: "Namespace" }, object.metadata.name ?? "", errors);
}

/** What is wrong with the labels by which a namespace chooses its levels. */
function podSecurityLabelErrors(namespace: KubeObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  const labels = namespace.metadata.labels ?? {};
  for (const mode of MODES) {
    const level = labels[PREFIX + mode];
    if (level !== undefined && !(LEVELS as readonly string[]).includes(level)) {
      errors.push({
        type: "FieldValueInvalid",
        field: `metadata.labels[${PREFIX}${mode}]`,
        value: level,
        detail: "must be one of privileged, baseline, restricted",
      });
    }
    const version = labels[`${PREFIX}${mode}-version`];
    if (version !== undefined && version !== "latest" && !/^v1\.\d+$/.test(version)) {
      errors.push({
        type: "FieldValueInvalid",
        field: `metadata.labels[${PREFIX}${mode}-version]`,
        value: version,
        detail: 'must be "latest" or "v1.x"',
      });
    }
  }
  return errors;
}

function levelOf(labels: Readonly<Record<string, string>>, mode: string): { readonly level: Level; readonly text: string } {
  const level = LEVELS.find((candidate) => candidate === labels[PREFIX + mode]) ?? "privileged";
  return { level, text: `${level}:${labels[`${PREFIX}${mode}-version`] ?? "latest"}` };
}

function violationsOf(level: Level, spec: PodSpec): string {
  if (level === "privileged") return "";
  const findings = POD_SECURITY_CHECKS[level].flatMap((check) => check(spec) ?? []);
  return findings.map(({ reason, detail }) => `${reason} (${detail})`).join(", ");
}

interface Templated {
  readonly template?: { readonly spec?: PodSpec };
  readonly jobTemplate?: { readonly spec?: { readonly template?: { readonly spec?: PodSpec } } };
}

function templateSpec(object: KubeObject): PodSpec {
  const holder = (object.kind === "PodTemplate" ? object : (object["spec"] ?? {})) as Templated; // decoded as one of TEMPLATES
  return holder.template?.spec ?? holder.jobTemplate?.spec?.template?.spec ?? {};
}
