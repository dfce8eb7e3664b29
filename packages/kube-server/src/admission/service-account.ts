// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { newName } from "../plane.ts";
import { forbidden } from "../status-errors.ts";
import type { Admission } from "./admission.ts";
import type { Container, PodSpec } from "./pod.ts";
import { isMirror, podSpec, PODS } from "./pod.ts";

const MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
/** An hour, and a little so that it is told apart from what users ask for. */
const TOKEN_SECONDS = 3607;

interface ServiceAccount extends KubeObject {
  readonly automountServiceAccountToken?: boolean;
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
}

/**
 * Gives a pod its service account, that account's token as a volume, and its pull secrets.
 * @throws {ApiError} 403 without the account
 * @see kubernetes plugin/pkg/admission/serviceaccount
 */
export function addServiceAccount({ plane, object: pod }: Admission): KubeObject {
  if (isMirror(pod)) return pod;
  const spec = podSpec(pod);
  const name = spec.serviceAccountName || spec.serviceAccount || "default";
  const { namespace = "", name: podName = "" } = pod.metadata;
  const account = plane.store.get("serviceaccounts", `${namespace}/${name}`) as ServiceAccount | undefined; // by their resource
  if (!account) {
    throw forbidden(
      PODS,
      podName,
      `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`,
    );
  }
  const named: PodSpec = { ...spec, serviceAccountName: name, serviceAccount: name };
  const mounts = spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
  const mounted = mounts ? withToken(named, plane.random) : named;
  const secrets = account.imagePullSecrets ?? [];
  const pulls = (mounted.imagePullSecrets ?? []).length === 0 && secrets.length > 0 ? { ...mounted, imagePullSecrets: secrets } : mounted;
  return { ...pod, spec: pulls };
}

function withToken(spec: PodSpec, random: () => number): PodSpec {
  const containers = spec.containers ?? [];
  const all = [...containers, ...(spec.initContainers ?? [])];
  if (all.every(hasMount)) return spec;
  const volume = newName("kube-api-access-", random);
  const mount = (container: Container): Container =>
    hasMount(container)
      ? container
      : { ...container, volumeMounts: [...(container.volumeMounts ?? []), { name: volume, readOnly: true, mountPath: MOUNT_PATH }] };
  const sources = [
    { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: "token" } },
    { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
    { downwardAPI: { items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }] } },
  ];
  return {
    ...spec,
    volumes: [...(spec.volumes ?? []), { name: volume, projected: { sources, defaultMode: 420 } }],
    containers: containers.map(mount),
    ...(spec.initContainers ? { initContainers: spec.initContainers.map(mount) } : {}),
  };
}

function hasMount(container: Container): boolean {
  return (container.volumeMounts ?? []).some(({ mountPath }) => mountPath === MOUNT_PATH);
}
