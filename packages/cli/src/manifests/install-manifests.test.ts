// SPDX-License-Identifier: Apache-2.0
import { createClient, systemClock } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { createApiServer } from "@flux-ts/kube-server";
import { expect, test } from "vitest";
import { applyManifests } from "./apply-manifests.ts";
import { defaultComponents, extraComponents } from "./components.ts";
import type { InstallOptions } from "./install-manifests.ts";
import { installManifests } from "./install-manifests.ts";

const options: InstallOptions = {
  version: "v2.9.4",
  namespace: "flux-system",
  components: [...defaultComponents, ...extraComponents],
  registry: "ghcr.io/fluxcd",
  image: "",
  topology: "split",
  imagePullSecret: "",
  watchesAllNamespaces: true,
  networkPolicy: true,
  logLevel: "info",
  clusterDomain: "cluster.local",
  tolerationKeys: [],
};

function argumentsOf(objects: readonly KubeObject[], name: string): unknown {
  const found = objects.find((object) => object.kind === "Deployment" && object.metadata.name === name);
  if (found === undefined) throw new Error(`there is no Deployment ${name}`);
  return (found["spec"] as { template: { spec: { containers: [{ args: unknown }] } } }).template.spec.containers[0].args;
}

test("arguments keep the order that patches rely on (spec §2.7)", () => {
  const objects = installManifests({ ...options, components: defaultComponents });
  expect(argumentsOf(objects, "source-controller")).toEqual([
    "--events-addr=http://notification-controller.$(RUNTIME_NAMESPACE).svc.cluster.local./",
    "--watch-all-namespaces=true",
    "--log-level=info",
    "--log-encoding=json",
    "--enable-leader-election",
    "--storage-path=/data",
    "--storage-adv-addr=source-controller.$(RUNTIME_NAMESPACE).svc.cluster.local.",
  ]);
  expect(argumentsOf(objects, "kustomize-controller")).not.toContain("--feature-gates=ExternalArtifact=true");
});

test("with source-watcher the consumers of artifacts take external ones", () => {
  const objects = installManifests(options);
  for (const name of ["kustomize-controller", "helm-controller"]) {
    expect(argumentsOf(objects, name)).toContain("--feature-gates=ExternalArtifact=true");
  }
});

test("an API server takes every object, and a second time nothing changes", async () => {
  const server = createApiServer({ clock: systemClock(), random: () => 0.5 });
  const client = createClient(server.transport, { userAgent: "test" });
  const ports = { clock: systemClock(), signal: new AbortController().signal };
  const objects = installManifests({ ...options, namespace: "flux-other" });
  const first = await applyManifests(client, objects, ports);
  expect(first.map(({ action }) => action).every((action) => action === "created")).toBe(true);
  const again = await applyManifests(client, objects, ports);
  expect(again.filter(({ action }) => action !== "unchanged")).toEqual([]);
  server.close();
});
