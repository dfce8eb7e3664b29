// SPDX-License-Identifier: Apache-2.0
import type { ObjectRef } from "@flux-ts/kube-core";
import type { FaultStep } from "./fault.ts";
import type { IncidentWorld } from "./incident-world.ts";

/** Kinds of the steps that are no kinds of Flux. */
const API_VERSIONS: Readonly<Record<string, string>> = {
  GitRepository: "source.toolkit.fluxcd.io/v1",
  OCIRepository: "source.toolkit.fluxcd.io/v1",
  HelmRepository: "source.toolkit.fluxcd.io/v1",
  HelmChart: "source.toolkit.fluxcd.io/v1",
  Bucket: "source.toolkit.fluxcd.io/v1",
  HelmRelease: "helm.toolkit.fluxcd.io/v2",
  Kustomization: "kustomize.toolkit.fluxcd.io/v1",
  Deployment: "apps/v1",
  StatefulSet: "apps/v1",
  DaemonSet: "apps/v1",
  ReplicaSet: "apps/v1",
  Job: "batch/v1",
  HorizontalPodAutoscaler: "autoscaling/v2",
};

/** `Kind/namespace/name`; a name that ends with `*` is looked up. */
export async function refOfText(text: string, { world }: IncidentWorld): Promise<ObjectRef> {
  const [kind = "", ...rest] = text.split("/");
  const [namespace, name] = rest.length > 1 ? [rest[0], rest[1] ?? ""] : [undefined, rest[0] ?? ""];
  const apiVersion = API_VERSIONS[kind] ?? "v1";
  if (!name.endsWith("*")) return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
  const { items } = await world.client.list({ apiVersion, kind }, namespace === undefined ? {} : { namespace });
  const names = items.map(({ metadata }) => metadata.name ?? "").filter((one) => one.startsWith(name.slice(0, -1)));
  const newest = names.toSorted()[0];
  if (newest === undefined) throw new Error(`no ${text}`);
  return { apiVersion, kind, name: newest, ...(namespace === undefined ? {} : { namespace }) };
}

/** Does one step, and lets everything that follows from it happen. */
export async function playStep(step: FaultStep, incident: IncidentWorld): Promise<void> {
  const { world } = incident;
  switch (step.do) {
    case "commit":
      incident.commit(step.files);
      break;
    case "apply":
      await world.apply(...step.objects);
      break;
    case "patch": {
      const options = {
        type: "merge",
        fieldManager: "test",
        ...(step.subresource === undefined ? {} : { subresource: step.subresource }),
      } as const;
      await world.client.patch(await refOfText(step.object, incident), step.with, options);
      break;
    }
    case "delete":
      await world.client.delete(await refOfText(step.object, incident));
      break;
    case "protect":
      world.git.protect("fleet", { username: step.username, password: step.password });
      break;
    case "break-git":
      world.git.fault("fleet", { status: step.status });
      break;
    case "request": {
      const { kind, name, namespace } = await refOfText(step.object, incident);
      await world.request(kind, name, namespace);
      break;
    }
    case "advance":
      await world.advance(step.duration);
      return;
    case "stop-flux":
      await world.manager.stop(0);
      return;
  }
  await world.settle();
}
