// SPDX-License-Identifier: Apache-2.0
import { fluxKinds } from "@flux-ts/flux-api";
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import type { FaultStep } from "./fault.ts";
import type { IncidentWorld } from "./incident-world.ts";

/** Kinds of the steps that are not `v1`. */
const API_VERSIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(fluxKinds.map(({ group, version, kind }) => [kind, `${group}/${version}`])),
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
  const born = (object: KubeObject): number => Date.parse(object.metadata.creationTimestamp ?? "");
  const [newest] = items.filter(({ metadata }) => metadata.name?.startsWith(name.slice(0, -1))).toSorted((a, b) => born(b) - born(a));
  if (newest === undefined) throw new Error(`no ${text}`);
  return { apiVersion, kind, name: newest.metadata.name ?? "", ...(namespace === undefined ? {} : { namespace }) };
}

/** Does one step, and lets everything that follows from it happen. */
export async function playStep(given: FaultStep, incident: IncidentWorld): Promise<void> {
  const { world } = incident;
  const step = await filled(given, incident);
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
    case "warn": {
      await warn(step, incident);
      break;
    }
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

/** The step with what its placeholders stand for. */
async function filled(step: FaultStep, incident: IncidentWorld): Promise<FaultStep> {
  let text = JSON.stringify(step);
  for (const [whole, name = ""] of text.matchAll(/\{(gits?|ssh\w*)\}/g)) {
    text = text.replaceAll(whole, JSON.stringify(await incident.placeholder(name)).slice(1, -1));
  }
  // Nothing but texts changed.
  return JSON.parse(text) as FaultStep;
}

async function warn({ object, reason, message }: Extract<FaultStep, { do: "warn" }>, incident: IncidentWorld): Promise<void> {
  const involvedObject = await refOfText(object, incident);
  const { namespace = "default", name } = involvedObject;
  const now = new Date(incident.world.clock.now()).toISOString().replace(/\.\d+/, "");
  await incident.world.client.create({
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${name}.${reason.toLowerCase()}`, namespace },
    involvedObject,
    type: "Warning",
    reason,
    message,
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  });
}
