// SPDX-License-Identifier: Apache-2.0
import { dns1123LabelProblems, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import { claimSpec } from "../core/claim-spec.ts";
import { templateWarnings } from "../core/pod-warnings.ts";
import { podTemplate, podTemplateMetadata } from "../core/pod-spec.ts";
import { internalValue } from "../internal-value.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { drop, hasAt, numberAt, objectAt, objectIn, objectsAt, put, textAt } from "../shape.ts";
import { isSame } from "../validation/immutable.ts";
import { at, problemsOf, type Problems } from "../validation/problems.ts";
import { NOT_NEGATIVE, nonNegative } from "../validation/scalars.ts";
import { longRunning, readSelector, requiredSelector, templateIsSelected } from "../validation/selected-template.ts";
import { collisionsOnlyGrow, replicaCounts } from "./replica-counts.ts";
import { statefulSetTable } from "./tables.ts";

const CHANGEABLE: readonly string[] = ["replicas", "template", "updateStrategy", "minReadySeconds", "ordinals", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy"]; // prettier-ignore
const ONLY_SOME =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
const RETENTION: readonly string[] = ["Retain", "Delete"];

/** apps/v1 StatefulSet. */
export const statefulSet: KindBehaviour = {
  printer: statefulSetTable,
  strategy: {
    warnings: (object, old) => templateWarnings(object, old, objectAt(objectAt(object, "spec"), "template")),
    nameProblems: dns1123LabelProblems,
    prepareCreate: withoutMaxUnavailable,
    prepareUpdate: withoutMaxUnavailable,
    validate: (object) => problemsOf((problems) => statefulSetSpec(objectAt(object, "spec"), "spec", problems, true)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        const [spec, before] = [objectAt(object, "spec"), objectAt(old, "spec")];
        statefulSetSpec(spec, "spec", problems, false);
        const keys = new Set([...Object.keys(spec), ...Object.keys(before)]);
        if ([...keys].some((key) => !CHANGEABLE.includes(key) && !isSame(spec[key], before[key]))) problems.forbidden("spec", ONLY_SOME);
      }),
    validateStatusUpdate: (object, old) =>
      problemsOf((problems) => {
        replicaCounts(
          objectAt(object, "status"),
          ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"],
          problems,
          "status.readyReplicas",
        );
        collisionsOnlyGrow(objectAt(object, "status"), objectAt(old, "status"), problems);
      }),
  },
};

/** The feature gate MaxUnavailableStatefulSet is off: the field falls away. */
function withoutMaxUnavailable(object: KubeObject): KubeObject {
  const spec = objectAt(object, "spec");
  const strategy = objectAt(spec, "updateStrategy");
  const rolling = objectAt(strategy, "rollingUpdate");
  if (!hasAt(rolling, "maxUnavailable")) return object;
  return { ...object, spec: put(spec, "updateStrategy", put(strategy, "rollingUpdate", drop(rolling, "maxUnavailable"))) };
}

function statefulSetSpec(spec: JsonObject, path: string, problems: Problems, isNew: boolean): void {
  const management = textAt(spec, "podManagementPolicy");
  if (management === "") problems.required(at(path, "podManagementPolicy"));
  else if (management !== "OrderedReady" && management !== "Parallel") {
    problems.invalid(at(path, "podManagementPolicy"), management, "must be 'OrderedReady' or 'Parallel'");
  }
  updateStrategy(objectAt(spec, "updateStrategy"), at(path, "updateStrategy"), problems);
  const retention = objectIn(spec, "persistentVolumeClaimRetentionPolicy");
  for (const key of retention ? ["whenDeleted", "whenScaled"] : []) {
    const policy = textAt(retention ?? {}, key);
    if (!RETENTION.includes(policy)) problems.notSupported(at(path, "persistentVolumeClaimRetentionPolicy", key), policy, RETENTION);
  }
  nonNegative(spec, path, problems, "replicas", "minReadySeconds");
  const start = numberAt(objectAt(spec, "ordinals"), "start") ?? 0;
  if (start < 0) problems.invalid(at(path, "ordinals.start"), start, NOT_NEGATIVE);
  if (isNew) {
    const service = textAt(spec, "serviceName");
    if (service !== "") problems.invalidFor(at(path, "serviceName"), service, dns1123LabelProblems(service));
    objectsAt(spec, "volumeClaimTemplates").forEach((claim, index) =>
      claimSpec(objectAt(claim, "spec"), `${at(path, "volumeClaimTemplates")}[${index}].spec`, problems),
    );
  }
  requiredSelector(spec, "statefulset", path, problems);
  const selector = readSelector(spec);
  if (selector === undefined) problems.invalid(at(path, "selector"), spec["selector"], "");
  else {
    templateIsSelected(spec, selector, path, problems);
    const template = templateWithClaims(spec);
    podTemplate(template, at(path, "template"), problems);
    // Once more: so does Kubernetes.
    podTemplateMetadata(template, at(path, "template"), problems);
  }
  longRunning(spec, "StatefulSet", path, problems);
}

/** The controller names the pods and adds a volume for each claim: so does the check. */
function templateWithClaims(spec: JsonObject): JsonObject {
  const template = objectAt(spec, "template");
  const claims = objectsAt(spec, "volumeClaimTemplates").map((claim) => textAt(objectAt(claim, "metadata"), "name"));
  const pod = drop(drop(objectAt(template, "spec"), "hostname"), "subdomain");
  if (claims.length === 0) return put(template, "spec", pod);
  const volumes = objectsAt(pod, "volumes").filter((volume) => !claims.includes(textAt(volume, "name")));
  const added = [...new Set(claims)].map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  return put(template, "spec", put(pod, "volumes", [...added, ...volumes]));
}

function updateStrategy(own: JsonObject, path: string, problems: Problems): void {
  const type = textAt(own, "type");
  const rolling = objectIn(own, "rollingUpdate");
  if (type === "") problems.required(path);
  else if (type === "OnDelete") {
    if (rolling)
      problems.invalid(
        at(path, "rollingUpdate"),
        internalValue("apps.RollingUpdateStatefulSetStrategy", rolling),
        "only allowed for updateStrategy 'RollingUpdate'",
      );
  } else if (type === "RollingUpdate") nonNegative(rolling ?? {}, at(path, "rollingUpdate"), problems, "partition");
  else problems.invalid(path, internalValue("apps.StatefulSetUpdateStrategy", own), "must be 'RollingUpdate' or 'OnDelete'");
}
