// SPDX-License-Identifier: Apache-2.0
import { fluxKinds, KUSTOMIZE_SUBSTITUTE } from "@flux-ts/flux-api";
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";
import { toCustomResourceDefinition } from "@flux-ts/kube-core";
import { withMetadata } from "@flux-ts/toolkit/apply";
import type { Component } from "./components.ts";
import { components } from "./components.ts";
import { controllerObjects } from "./controller-objects.ts";
import type { Topology } from "./topology.ts";
import { singleDeployment } from "./single-deployment.ts";
import { SINGLE } from "./single-names.ts";
import { accessObjects } from "./access-objects.ts";
import { networkPolicies } from "./network-policies.ts";

/** What an installation is to be like. */
export interface InstallOptions {
  /** `v2.9.4` */
  readonly version: string;
  readonly namespace: string;
  /** Names of controllers, in the order in which they were asked for. */
  readonly components: readonly string[];
  /** Where the images are, without a slash at the end. */
  readonly registry: string;
  /** One image for all controllers, that of flux-ts; `""` for upstream's, one for each. */
  readonly image: string;
  readonly topology: Topology;
  /** A Secret with credentials for the registry; `""` for none. */
  readonly imagePullSecret: string;
  readonly watchesAllNamespaces: boolean;
  readonly networkPolicy: boolean;
  readonly logLevel: string;
  readonly clusterDomain: string;
  /** Keys of taints that the controllers tolerate. */
  readonly tolerationKeys: readonly string[];
}

/**
 * Everything that an installation of Flux consists of, ready to be applied: the namespace, the definitions, who may do what,
 * network policies, and for each controller its account, its service and its Deployment.
 *
 * @returns in the order in which upstream lists them; they are applied in another
 * @throws {Error} for a controller that there is not
 * @see flux2 pkg/manifestgen/install; spec §2.6, §2.7
 */
export function installManifests(options: InstallOptions): readonly KubeObject[] {
  const chosen = options.components.map(componentNamed);
  const objects = [
    namespaceObject(options.namespace),
    ...(options.networkPolicy ? networkPolicies(options.namespace) : []),
    ...accessObjects(options.namespace),
    ...chosen.flatMap((component) => [...definitionsOf(component), ...controllerObjects(component, options)]),
    ...(options.topology === "single" ? [singleDeployment(chosen, options)] : []),
  ];
  return objects.map((object) => labelled(object, options));
}

/** The names of the Deployments, of which an installation is ready when they are. */
export function deploymentNames({ components: names, topology }: Pick<InstallOptions, "components" | "topology">): readonly string[] {
  return topology === "single" ? [SINGLE] : names;
}

function componentNamed(name: string): Component {
  const found = components.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no component ${name}`);
  return found;
}

function namespaceObject(name: string): KubeObject {
  const labels = { "pod-security.kubernetes.io/warn": "restricted", "pod-security.kubernetes.io/warn-version": "latest" };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

/** Where a Kustomization applies them, `${…}` in their texts is not for it to replace. */
function definitionsOf(component: Component): readonly KubeObject[] {
  return fluxKinds
    .map((kind) => toCustomResourceDefinition(kind, { annotations: { [KUSTOMIZE_SUBSTITUTE]: "disabled" } }))
    .filter(({ metadata }) => component.definitions.includes(metadata.name ?? ""))
    .map((definition) => withMetadata(definition, { labels: { "app.kubernetes.io/component": component.name } }))
    .toSorted((a, b) => ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1));
}

/** Deployments carry the labels on their pods, too. */
function labelled(object: KubeObject, { namespace, version }: InstallOptions): KubeObject {
  const labels = { "app.kubernetes.io/instance": namespace, "app.kubernetes.io/part-of": "flux", "app.kubernetes.io/version": version };
  const outer = withMetadata(object, { labels });
  if (object.kind !== "Deployment") return outer;
  // The objects of this file's own making have this shape.
  const spec = outer["spec"] as JsonObject & { readonly template: KubeObject };
  return { ...outer, spec: { ...spec, template: withMetadata(spec.template, { labels }) } };
}
