// SPDX-License-Identifier: Apache-2.0
import { type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { unsupportedField } from "../unsupported-field.ts";
import { listAt, numberAt, objectAt, objectsAt, textAt, textsAt } from "../shape.ts";
import { certificateSigningRequestTable } from "../table/other-tables.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";

const USAGES: readonly string[] = (
  "any,cert sign,client auth,code signing,content commitment,crl sign,data encipherment,decipher only,digital signature," +
  "email protection,encipher only,ipsec end system,ipsec tunnel,ipsec user,key agreement,key encipherment,microsoft sgc," +
  "netscape sgc,ocsp signing,s/mime,server auth,signing,timestamping"
).split(",");
const MIN_SECONDS = 600;

/** certificates.k8s.io/v1 CertificateSigningRequest. The request itself is not parsed. */
export const certificateSigningRequest: KindBehaviour = {
  unsupportedFieldLabel: unsupportedField,
  printer: certificateSigningRequestTable,
  fieldSelectors: { "spec.signerName": (object) => textAt(objectAt(object, "spec"), "signerName") },
  resetFields: {
    "": [["f:spec"], ["f:status"]],
    status: [["f:spec"], ["f:status", "f:conditions"]],
    approval: [["f:spec"], ["f:status", "f:certificate"]],
  },
  strategy: {
    nameProblems: () => [],
    prepareUpdate: (object, old) => ({ ...object, spec: objectAt(old, "spec"), status: objectAt(old, "status") }),
    prepareStatusUpdate: (object, old, context) => withTimes(object, old, context.now),
    validate: (object) => problemsOf((problems) => request(object, problems)),
    validateUpdate: () => [],
    validateStatusUpdate: (object) => problemsOf((problems) => conditions(object, problems)),
  },
};

function request(object: KubeObject, problems: Problems): void {
  const spec = objectAt(object, "spec");
  const [usages, signer, seconds] = [textsAt(spec, "usages"), textAt(spec, "signerName"), numberAt(spec, "expirationSeconds")];
  if (usages.length === 0) problems.required("spec.usages");
  usages.forEach((usage, index) => void (USAGES.includes(usage) || problems.notSupported(`spec.usages[${index}]`, usage, USAGES)));
  usages.forEach((usage, index) => void (usages.indexOf(usage) < index && problems.duplicate(`spec.usages[${index}]`, usage)));
  if (signer === "kubernetes.io/legacy-unknown") {
    problems.invalid("spec.signerName", signer, "the legacy signerName is not allowed via this API version");
  } else if (signer === "") problems.required("spec.signerName");
  else if (!/^[^/]+\/[^/]+$/.test(signer)) {
    problems.invalid("spec.signerName", signer, 'must be a fully qualified domain and path of the form "example.com/signer-name"');
  }
  if (seconds !== undefined && seconds < MIN_SECONDS) {
    problems.invalid("spec.expirationSeconds", seconds, "may not specify a duration less than 600 seconds (10 minutes)");
  }
}

function conditions(object: KubeObject, problems: Problems): void {
  const [path, all] = ["status.conditions", objectsAt(objectAt(object, "status"), "conditions")] as const;
  const seen = new Set<string>();
  all.forEach((condition, index) => {
    const [type, status] = [textAt(condition, "type"), textAt(condition, "status")];
    const allowed = ["Approved", "Denied", "Failed"].includes(type) ? ["True"] : ["False", "True", "Unknown"];
    if (type === "") problems.required(`${path}[${index}].type`);
    if (status === "") problems.required(`${path}[${index}].status`);
    else if (!allowed.includes(status)) problems.notSupported(`${path}[${index}].status`, status, allowed);
    const opposite = type === "Approved" ? "Denied" : type === "Denied" ? "Approved" : undefined;
    if (opposite && seen.has(opposite)) problems.invalid(path, type, "Approved and Denied conditions are mutually exclusive");
    if (seen.has(type)) problems.duplicate(`${path}[${index}].type`, type);
    seen.add(type);
  });
}

/** Conditions without times get them; the time of a change stays while nothing changes. */
function withTimes(object: KubeObject, old: KubeObject, nowMs: number): KubeObject {
  const status = objectAt(object, "status");
  if (listAt(status, "conditions").length === 0) return object;
  const now = new Date(nowMs).toISOString().replace(/\.\d+Z$/, "Z");
  const before = objectsAt(objectAt(old, "status"), "conditions");
  const timed = objectsAt(status, "conditions").map((condition): JsonObject => {
    const same = before.find(
      (one) => textAt(one, "type") === textAt(condition, "type") && textAt(one, "status") === textAt(condition, "status"),
    );
    const since = textAt(same ?? {}, "lastTransitionTime") || now;
    return {
      ...condition,
      lastUpdateTime: textAt(condition, "lastUpdateTime") || now,
      lastTransitionTime: textAt(condition, "lastTransitionTime") || since,
    };
  });
  return { ...object, status: { ...status, conditions: timed } };
}
