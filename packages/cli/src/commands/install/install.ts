// SPDX-License-Identifier: Apache-2.0
import { logLevel } from "../../choice.ts";
import type { Command } from "../../command.ts";
import { TOPOLOGIES } from "../../manifests/topology.ts";

const DEFAULT_COMPONENTS = "source-controller,kustomize-controller,helm-controller,notification-controller";

export const install: Command = {
  name: "install",
  short: "Install or upgrade Flux",
  long: "Applies the definitions and controllers of Flux, and waits until the controllers are ready. An earlier installation is upgraded.",
  example: `  flux install --namespace=flux-system

  # with the controllers for images
  flux install --components-extra="image-reflector-controller,image-automation-controller"

  # the controllers of flux-ts, in one pod
  flux install --topology=single --image=registry.example.com/flux-ts:v0.1.0

  # what would be applied
  flux install --export > flux-system.yaml`,
  arguments: "none",
  flags: [
    { name: "export", type: "bool", usage: "print the manifests, and apply nothing" },
    { name: "version", short: "v", type: "string", usage: "the version to install: the one that this command carries" },
    { name: "components", type: "stringSlice", default: DEFAULT_COMPONENTS, usage: "the controllers to install" },
    {
      name: "components-extra",
      type: "stringSlice",
      usage: "more controllers: image-reflector-controller, image-automation-controller, source-watcher",
    },
    { name: "manifests", type: "string", usage: "folder to build the manifests from", hidden: true },
    { name: "registry", type: "string", default: "ghcr.io/fluxcd", usage: "the registry that has the images" },
    {
      name: "image",
      type: "string",
      usage: "one image for all controllers, that of flux-ts, in place of upstream's of --registry (an addition to Flux)",
    },
    {
      name: "topology",
      type: "string",
      default: "split",
      choices: TOPOLOGIES,
      usage: "a Deployment for each controller (split), or one for all, which takes --image (single; an addition to Flux)",
    },
    { name: "registry-creds", type: "string", usage: "credentials for the registry, USER:PASSWORD; needs --image-pull-secret" },
    { name: "image-pull-secret", type: "string", usage: "the Secret with credentials for the registry" },
    {
      name: "watch-all-namespaces",
      type: "bool",
      default: "true",
      usage: "reconcile the objects of all namespaces, not only those of the namespace of Flux",
    },
    { ...logLevel("log-level", "how much the controllers log: debug, info or error"), default: "info" },
    { name: "network-policy", type: "bool", default: "true", usage: "let nobody outside the namespace reach the controllers" },
    { name: "cluster-domain", type: "string", default: "cluster.local", usage: "the domain of the cluster" },
    { name: "toleration-keys", type: "stringSlice", usage: "keys of taints that the controllers tolerate" },
    { name: "force", type: "bool", usage: "take over an installation that another tool manages" },
  ],
  load: async () => (await import("./run-install.ts")).runInstall,
};
