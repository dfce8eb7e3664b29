// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { labelKeyProblems } from "@flux-ts/kube-core";
import { CommandError } from "../../../command.ts";
import { connect } from "../../../connect.ts";
import { deadlineOf } from "../../../deadline.ts";
import { progressOn } from "../../../output/progress.ts";
import { renderManifest } from "../../export/exported-object.ts";
import type { Creation } from "../creation.ts";
import { creating, given, labelsOf } from "../creation.ts";
import { applyBinding, applyLabelled } from "./apply-tenant.ts";

const TENANT_LABEL = "toolkit.fluxcd.io/tenant";
const RBAC = "rbac.authorization.k8s.io";

/** What a tenant has in one namespace. */
interface Share {
  readonly namespace: KubeObject;
  readonly account: KubeObject;
  readonly binding: KubeObject;
}

/** `flux create tenant`. @see cmd/flux/create_tenant.go */
export const runCreateTenant = creating(async (creation) => {
  const { flags, io } = creation;
  const shares = sharesOf(creation);
  const withNamespace = !flags.bool("skip-namespace");
  if (flags.bool("export")) {
    for (const { namespace, account, binding } of shares) {
      io.stdout([...(withNamespace ? [namespace] : []), account, binding].map(renderManifest).join(""));
    }
    return;
  }
  using deadline = deadlineOf(flags, io);
  await using connection = await connect(flags, io);
  const { client } = connection;
  const progress = progressOn(io);
  for (const { namespace, account, binding } of shares) {
    if (withNamespace) {
      progress.action(`applying namespace ${namespace.metadata.name ?? ""}`);
      await applyLabelled(client, namespace, deadline.signal);
    }
    progress.action(`applying service account ${account.metadata.name ?? ""}`);
    await applyLabelled(client, account, deadline.signal);
    progress.action(`applying role binding ${binding.metadata.name ?? ""}`);
    await applyBinding(client, binding, deadline.signal);
  }
  progress.success("tenant setup completed");
});

function sharesOf({ name: tenant, flags }: Creation): readonly Share[] {
  checkName(tenant, "tenant name");
  if (flags.string("cluster-role") === "") throw new CommandError("cluster-role is required");
  const namespaces = flags.strings("with-namespace");
  if (namespaces.length === 0) throw new CommandError("with-namespace is required");
  const accountName = given(flags, "with-service-account") ?? tenant;
  return namespaces.map((namespace) => {
    checkName(namespace, "namespace");
    const labels = { ...labelsOf(flags), [TENANT_LABEL]: tenant };
    checkName(accountName, "service-account name");
    const binding = {
      apiVersion: `${RBAC}/v1`,
      kind: "RoleBinding",
      metadata: { name: `${tenant}-reconciler`, namespace, labels },
      subjects: [
        { apiGroup: RBAC, kind: "User", name: `gotk:${namespace}:reconciler` },
        { kind: "ServiceAccount", name: accountName, namespace },
      ],
      roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: flags.string("cluster-role") },
    };
    return {
      namespace: { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } },
      account: { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: accountName, namespace, labels } },
      binding,
    };
  });
}

function checkName(name: string, what: string): void {
  const problems = labelKeyProblems(name);
  if (problems.length > 0) throw new CommandError(`invalid ${what} '${name}': [${problems.join(" ")}]`);
}
