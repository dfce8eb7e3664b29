// SPDX-License-Identifier: Apache-2.0
import { dns1123SubdomainProblems, pathSegmentProblems, type FieldError, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import { internalValue } from "../internal-value.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { objectAt, objectsAt, textAt } from "../shape.ts";
import { clusterRoleBindingTable, roleBindingTable } from "../table/other-tables.ts";
import { isSame } from "../validation/immutable.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";

const GROUP = "rbac.authorization.k8s.io";
const SUBJECTS: readonly string[] = ["ServiceAccount", "User", "Group"];

/** rbac.authorization.k8s.io/v1 RoleBinding. */
export const roleBinding: KindBehaviour = { printer: roleBindingTable, strategy: bindingStrategy(["Role", "ClusterRole"], true) };

/** rbac.authorization.k8s.io/v1 ClusterRoleBinding. */
export const clusterRoleBinding: KindBehaviour = { printer: clusterRoleBindingTable, strategy: bindingStrategy(["ClusterRole"], false) };

function bindingStrategy(kinds: readonly string[], isNamespaced: boolean): NonNullable<KindBehaviour["strategy"]> {
  const validate = (object: KubeObject): readonly FieldError[] => problemsOf((problems) => binding(object, kinds, isNamespaced, problems));
  return {
    metadataOnUpdate: { asChange: 1, asWhole: 1 },
    nameProblems: pathSegmentProblems,
    validate,
    validateUpdate: (object, old) => [
      ...validate(object),
      ...problemsOf((problems) => {
        const reference = objectAt(object, "roleRef");
        if (!isSame(reference, objectAt(old, "roleRef"))) {
          problems.invalid("roleRef", internalValue("rbac.RoleRef", reference), "cannot change roleRef");
        }
      }),
    ],
  };
}

/** @see kubernetes pkg/apis/rbac/validation ValidateRoleBinding */
function binding(object: KubeObject, kinds: readonly string[], isNamespaced: boolean, problems: Problems): void {
  const reference = objectAt(object, "roleRef");
  const [group, kind, name] = [textAt(reference, "apiGroup"), textAt(reference, "kind"), textAt(reference, "name")];
  if (group !== GROUP) problems.notSupported("roleRef.apiGroup", group, [GROUP]);
  if (!kinds.includes(kind)) problems.notSupported("roleRef.kind", kind, kinds);
  if (name === "") problems.required("roleRef.name");
  else problems.invalidFor("roleRef.name", name, pathSegmentProblems(name));
  objectsAt(object, "subjects").forEach((one, index) => subject(one, isNamespaced, `subjects[${index}]`, problems));
}

function subject(one: JsonObject, isNamespaced: boolean, path: string, problems: Problems): void {
  const [group, kind, name] = [textAt(one, "apiGroup"), textAt(one, "kind"), textAt(one, "name")];
  if (name === "") problems.required(`${path}.name`);
  if (!SUBJECTS.includes(kind)) problems.notSupported(`${path}.kind`, kind, SUBJECTS);
  else if (kind !== "ServiceAccount") {
    if (group !== GROUP) problems.notSupported(`${path}.apiGroup`, group, [GROUP]);
  } else {
    if (name !== "") problems.invalidFor(`${path}.name`, name, dns1123SubdomainProblems(name));
    if (group !== "") problems.notSupported(`${path}.apiGroup`, group, [""]);
    if (!isNamespaced && textAt(one, "namespace") === "") problems.required(`${path}.namespace`);
  }
}
