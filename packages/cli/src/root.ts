// SPDX-License-Identifier: Apache-2.0
import type { Command, Flag } from "./command.ts";
import { build } from "./commands/build/build.ts";
import { check } from "./commands/check/check.ts";
import { completion } from "./commands/completion.ts";
import { debug } from "./commands/debug/debug.ts";
import { stats } from "./commands/stats.ts";
import { tree } from "./commands/tree/tree.ts";
import { events } from "./commands/events/events.ts";
import { trace } from "./commands/trace/trace.ts";
import { diff } from "./commands/diff/diff.ts";
import { install } from "./commands/install/install.ts";
import { uninstall } from "./commands/uninstall/uninstall.ts";
import { envsubst } from "./commands/envsubst.ts";
import { create } from "./commands/create/create.ts";
import { deleteCommand } from "./commands/delete/delete.ts";
import { explain } from "./commands/explain/explain.ts";
import { exportCommand } from "./commands/export/export.ts";
import { get } from "./commands/get/get.ts";
import { logs } from "./commands/logs/logs.ts";
import { migrate } from "./commands/migrate/migrate.ts";
import { reconcile } from "./commands/reconcile/reconcile.ts";
import { resume } from "./commands/resume/resume.ts";
import { suspend } from "./commands/suspend/suspend.ts";
import { version } from "./commands/version.ts";
import { VERSION } from "./version-text.ts";

/** The flags of every command: spec §4.0. */
const globalFlags: readonly Flag[] = [
  { name: "timeout", type: "duration", default: "5m0s", usage: "how long the whole command may take" },
  { name: "verbose", type: "bool", usage: "print the objects that are made" },
  {
    name: "namespace",
    short: "n",
    type: "string",
    default: "flux-system",
    usage: "the namespace to work in (FLUX_SYSTEM_NAMESPACE)",
    completes: { apiVersion: "v1", kind: "Namespace" },
  },
  {
    name: "ns-follows-kube-context",
    type: "bool",
    usage: "take the namespace of the kubeconfig's context instead (FLUX_NS_FOLLOWS_KUBE_CONTEXT)",
  },
  { name: "kubeconfig", type: "string", usage: "path of the kubeconfig file (KUBECONFIG)" },
  { name: "context", type: "string", usage: "the context of the kubeconfig to use", completes: "contexts" },
  { name: "cluster", type: "string", usage: "the cluster of the kubeconfig to use" },
  { name: "user", type: "string", usage: "the user of the kubeconfig to use" },
  { name: "as", type: "string", usage: "act as this user; service accounts are system:serviceaccount:NAMESPACE:NAME" },
  { name: "as-group", type: "stringArray", usage: "act as a member of this group; may be repeated" },
  { name: "as-uid", type: "string", usage: "act as the user with this uid" },
  { name: "as-user-extra", type: "stringArray", usage: "act with this extra attribute, KEY=VALUE; may be repeated" },
  { name: "token", type: "string", usage: "bearer token for the API server" },
  { name: "server", type: "string", usage: "address of the API server" },
  { name: "tls-server-name", type: "string", usage: "name to expect in the API server's certificate" },
  { name: "certificate-authority", type: "string", usage: "file with the certificates that verify the API server" },
  { name: "client-certificate", type: "string", usage: "file with the client certificate" },
  { name: "client-key", type: "string", usage: "file with the client certificate's key" },
  { name: "insecure-skip-tls-verify", type: "bool", usage: "do not verify the API server's certificate" },
  { name: "cache-dir", type: "string", usage: "accepted for compatibility: discovery is not cached on disk" },
  { name: "disable-compression", type: "bool", usage: "do not ask for compressed answers" },
  {
    name: "kube-api-qps",
    type: "float",
    default: "50",
    usage: "accepted for compatibility: the API server's own fairness limits requests",
  },
  { name: "kube-api-burst", type: "int", default: "300", usage: "accepted for compatibility, like --kube-api-qps" },
];

/** The whole command tree. */
export const root: Command = {
  name: "flux",
  version: VERSION,
  short: "GitOps for Kubernetes from the command line",
  long: "Builds, inspects and drives what a GitOps cluster does: sources, and what is applied from them.",
  example: `  # what is applied here, and is it ready?
  flux get kustomizations

  # what would a folder apply, without a cluster?
  flux build dir ./clusters/lab

  # fill in variables of a manifest
  cluster=lab flux envsubst --strict < app.yaml`,
  persistentFlags: globalFlags,
  children: [
    build,
    check,
    completion,
    create,
    debug,
    deleteCommand,
    diff,
    envsubst,
    events,
    explain,
    exportCommand,
    get,
    install,
    logs,
    migrate,
    reconcile,
    resume,
    stats,
    suspend,
    trace,
    tree,
    uninstall,
    version,
  ],
};
