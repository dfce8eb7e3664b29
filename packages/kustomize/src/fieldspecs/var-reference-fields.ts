// SPDX-License-Identifier: Apache-2.0
import type { FieldSpec } from "../kustomization.ts";

const field = (path: string, kind: string): FieldSpec => ({ group: "", version: "", kind, path, create: false });

const containerPaths = ["containers", "initContainers"].flatMap((containers) =>
  ["args", "command", "env/value", "volumeMounts/mountPath"].map((path) => `${containers}/${path}`),
);

const inPods = (at: string, kind: string): FieldSpec[] => containerPaths.map((path) => field(`${at}/${path}`, kind));

/** Where `$(VAR)` is replaced. @see kustomize internal/konfig/builtinpluginconsts */
export const varReferences: readonly FieldSpec[] = [
  ...inPods("spec/jobTemplate/spec/template/spec", "CronJob"),
  // Not the pod's volumes: the path is upstream's.
  field("spec/jobTemplate/spec/template/volumes/nfs/server", "CronJob"),
  ...["DaemonSet", "Deployment", "Job", "ReplicaSet"].flatMap((kind) => [
    ...inPods("spec/template/spec", kind),
    field("spec/template/spec/volumes/nfs/server", kind),
  ]),
  field("spec/template/metadata/annotations", "Deployment"),
  ...["rules/host", "tls/hosts", "tls/secretName"].map((path) => field(`spec/${path}`, "Ingress")),
  ...inPods("spec", "Pod"),
  field("spec/volumes/nfs/server", "Pod"),
  ...["port", "targetPort"].map((path) => field(`spec/ports/${path}`, "Service")),
  ...inPods("spec/template/spec", "StatefulSet"),
  field("spec/volumeClaimTemplates/spec/nfs/server", "StatefulSet"),
  field("spec/nfs/server", "PersistentVolume"),
  field("metadata/labels", ""),
  field("metadata/annotations", ""),
];
