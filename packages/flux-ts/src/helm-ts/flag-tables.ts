// SPDX-License-Identifier: Apache-2.0
// A table: the flags of Helm 4.2 by command. Those without help matter to a cluster or a repository only; they are read and have no effect.
import type { FlagTable } from "./flags.ts";

const GLOBAL: FlagTable = {
  "burst-limit": { kind: "text", help: "" },
  color: { kind: "text", help: "" },
  colour: { kind: "text", help: "" },
  "content-cache": { kind: "text", help: "" },
  debug: { kind: "boolean", help: "print what is not valid YAML, too" },
  help: { kind: "boolean", short: "h", help: "help for this command" },
  "kube-apiserver": { kind: "text", help: "" },
  "kube-as-group": { kind: "list", help: "" },
  "kube-as-user": { kind: "text", help: "" },
  "kube-ca-file": { kind: "text", help: "" },
  "kube-context": { kind: "text", help: "" },
  "kube-insecure-skip-tls-verify": { kind: "boolean", help: "" },
  "kube-tls-server-name": { kind: "text", help: "" },
  "kube-token": { kind: "text", help: "" },
  kubeconfig: { kind: "text", help: "" },
  namespace: { kind: "text", short: "n", help: "namespace of the release" },
  qps: { kind: "text", help: "" },
  "registry-config": { kind: "text", help: "" },
  "repository-cache": { kind: "text", help: "" },
  "repository-config": { kind: "text", help: "" },
};

const VALUES: FlagTable = {
  set: { kind: "list", help: "set values (key1=val1,key2=val2)" },
  "set-file": { kind: "list", help: "set values from files (key1=path1,key2=path2)" },
  "set-json": { kind: "list", help: "set JSON values (key1=jsonval1,key2=jsonval2, or an object)" },
  "set-literal": { kind: "list", help: "set a literal text value (key=text)" },
  "set-string": { kind: "list", help: "set text values (key1=val1,key2=val2)" },
  values: { kind: "commas", short: "f", help: "a file of values; may stand several times" },
};

const CHART_PATH: FlagTable = {
  "ca-file": { kind: "text", help: "" },
  "cert-file": { kind: "text", help: "" },
  devel: { kind: "boolean", help: "" },
  "insecure-skip-tls-verify": { kind: "boolean", help: "" },
  "key-file": { kind: "text", help: "" },
  keyring: { kind: "text", help: "" },
  "pass-credentials": { kind: "boolean", help: "" },
  password: { kind: "text", help: "" },
  "plain-http": { kind: "boolean", help: "" },
  repo: { kind: "text", help: "" },
  username: { kind: "text", help: "" },
  verify: { kind: "boolean", help: "" },
  version: { kind: "text", help: "" },
};

const INSTALL: FlagTable = {
  ...GLOBAL,
  ...VALUES,
  ...CHART_PATH,
  atomic: { kind: "boolean", help: "" },
  "create-namespace": { kind: "boolean", help: "" },
  "dependency-update": { kind: "boolean", help: "" },
  description: { kind: "text", help: "" },
  "disable-openapi-validation": { kind: "boolean", help: "" },
  "dry-run": { kind: "text", bare: "unset", help: "client; there is no cluster to ask" },
  "enable-dns": { kind: "boolean", help: "" },
  force: { kind: "boolean", help: "" },
  "force-conflicts": { kind: "boolean", help: "" },
  "force-replace": { kind: "boolean", help: "" },
  "generate-name": { kind: "boolean", short: "g", help: "make a name from the chart's and the time" },
  "hide-notes": { kind: "boolean", help: "do not print notes" },
  labels: { kind: "commas", short: "l", help: "" },
  "name-template": { kind: "text", help: "a template that makes the release's name" },
  "no-hooks": { kind: "boolean", help: "leave hooks out" },
  "post-renderer": { kind: "text", help: "" },
  "post-renderer-args": { kind: "list", help: "" },
  "post-renderer-strategy": { kind: "text", help: "" },
  "render-subchart-notes": { kind: "boolean", help: "add the notes of subcharts" },
  replace: { kind: "boolean", help: "" },
  "rollback-on-failure": { kind: "boolean", help: "" },
  "server-side": { kind: "text", bare: "true", help: "" },
  "skip-crds": { kind: "boolean", help: "" },
  "skip-schema-validation": { kind: "boolean", help: "do not check values against values.schema.json" },
  "take-ownership": { kind: "boolean", help: "" },
  timeout: { kind: "text", help: "" },
  wait: { kind: "text", bare: "watcher", help: "" },
  "wait-for-jobs": { kind: "boolean", help: "" },
};

/** The flags of each command. */
export const FLAG_TABLES = {
  install: {
    ...INSTALL,
    "hide-secret": { kind: "boolean", help: "leave the content of Secrets out" },
    output: { kind: "text", short: "o", help: "table" },
  },
  template: {
    ...INSTALL,
    "api-versions": { kind: "commas", short: "a", help: "API versions that the cluster has beside the usual ones" },
    explain: { kind: "boolean", help: "print in front of each line the template and line that it comes from, and the layer of its values" },
    "include-crds": { kind: "boolean", help: "print the files of crds/, too" },
    "is-upgrade": { kind: "boolean", help: "set .Release.IsUpgrade instead of .Release.IsInstall" },
    "kube-version": { kind: "text", help: "the version of Kubernetes that templates see" },
    "output-dir": { kind: "text", help: "write files to this folder instead" },
    "release-name": { kind: "boolean", help: "use the release's name in the path below --output-dir" },
    "show-only": { kind: "list", short: "s", help: "only these templates" },
    "skip-tests": { kind: "boolean", help: "leave tests out" },
    validate: { kind: "boolean", help: "" },
  },
  lint: {
    ...GLOBAL,
    ...VALUES,
    "kube-version": { kind: "text", help: "the version of Kubernetes that is linted for" },
    quiet: { kind: "boolean", help: "only warnings and errors" },
    "skip-schema-validation": { kind: "boolean", help: "do not check values against values.schema.json" },
    strict: { kind: "boolean", help: "fail on warnings" },
    "with-subcharts": { kind: "boolean", help: "lint the charts in charts/, too" },
  },
  show: { ...GLOBAL, ...CHART_PATH, jsonpath: { kind: "text", help: "" } },
} as const satisfies Readonly<Record<string, FlagTable>>;

export type CommandName = keyof typeof FLAG_TABLES;
