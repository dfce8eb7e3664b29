// SPDX-License-Identifier: Apache-2.0
import type { Command } from "../../../command.ts";

export const createTenantCommand: Command = {
  name: "tenant",
  short: "Create or update a tenant",
  long: "Makes namespaces, each with a service account and a binding that confines the tenant to it.",
  example: `  flux create tenant team-a --with-namespace=team-a-web --with-namespace=team-a-jobs

  # as manifests
  flux create tenant team-a --with-namespace=team-a-web --cluster-role=team-reconciler --export`,
  argumentsUsage: "NAME",
  flags: [
    { name: "with-namespace", type: "stringSlice", usage: "namespace of the tenant; may be repeated" },
    { name: "cluster-role", type: "string", default: "cluster-admin", usage: "what the tenant may do in its namespaces" },
    { name: "with-service-account", type: "string", usage: "name of the service account; by default the tenant's" },
    { name: "skip-namespace", type: "bool", usage: "the namespaces are there already" },
  ],
  load: async () => (await import("./run-tenant.ts")).runCreateTenant,
};
