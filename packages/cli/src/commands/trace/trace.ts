// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../command.ts";

export const trace: Command = {
  name: "trace",
  short: "Find out where an object comes from",
  long: `Prints which Kustomization or HelmRelease manages an object, from which source and revision, and how that went last. An object that
carries no labels of Flux is looked up through its owners.`,
  example: `  flux trace -n apps deployment my-app

  # several
  flux trace -n redis pod/redis-master-0 cm/redis

  # without asking the cluster which kinds it has
  flux trace redis --kind=helmrelease --api-version=helm.toolkit.fluxcd.io/v2 -n redis`,
  argumentsUsage: "RESOURCE NAME [NAME…]",
  flags: [
    { name: "kind", type: "string", usage: "the kind of the object; needs --api-version" },
    { name: "api-version", type: "string", usage: "the API version of the object, as apps/v1" },
  ],
  load: async () => (await import("./run-trace.ts")).runTrace,
};
