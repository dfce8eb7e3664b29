// SPDX-License-Identifier: Apache-2.0
// A table: the kinds of the smaller groups.
import type { KindBehaviour } from "./kind-behaviour.ts";
import * as tables from "./table/other-tables.ts";

/** By name in the type table. */
export const otherKinds: Readonly<Record<string, KindBehaviour>> = {
  "admissionregistration.v1.MutatingAdmissionPolicy": { printer: tables.mutatingPolicyTable },
  "admissionregistration.v1.MutatingAdmissionPolicyBinding": { printer: tables.mutatingPolicyBindingTable },
  "admissionregistration.v1.MutatingWebhookConfiguration": { printer: tables.mutatingWebhookTable },
  "admissionregistration.v1.ValidatingAdmissionPolicy": { printer: tables.validatingPolicyTable },
  "admissionregistration.v1.ValidatingAdmissionPolicyBinding": { printer: tables.validatingPolicyBindingTable },
  "admissionregistration.v1.ValidatingWebhookConfiguration": { printer: tables.validatingWebhookTable },
};
