// SPDX-License-Identifier: Apache-2.0
import type { ObjectOf } from "@flux-ts/kube-core";
import { defineKind } from "@flux-ts/kube-core";
import { boolean, duration, object, oneOf, optional, string } from "@flux-ts/kube-core/schema";
import { age } from "../columns.ts";
import { NOTIFICATION_GROUP } from "../metadata.ts";
import { localReference } from "../references.ts";

/** Where events are sent. */
export const Provider = defineKind({
  group: NOTIFICATION_GROUP,
  version: "v1beta3",
  kind: "Provider",
  plural: "providers",
  categories: ["all", "fluxcd", "fluxcd-notifications"],
  description: "A service that takes notifications: a chat, a Git host, an incident manager.",
  spec: object(
    {
      address: optional(
        string({ description: "Address of the service, or of a repository; `address` of the Secret wins.", maxLength: 2048 }),
      ),
      certSecretRef: optional(localReference("Secret with the TLS certificates: `ca.crt`, `tls.crt` and `tls.key`.")),
      channel: optional(string({ description: "Channel, room, topic or routing key.", maxLength: 2048 })),
      commitStatusExpr: optional(
        string({ description: "CEL over `event`, `alert` and `provider` that names the commit status; for Git hosts." }),
      ),
      interval: optional(duration({ description: "Deprecated: without meaning." })),
      proxy: optional(
        string({ description: "URL of a proxy. Deprecated: use proxySecretRef.", pattern: "^(http|https)://.*$", maxLength: 2048 }),
      ),
      proxySecretRef: optional(localReference("Secret with `address`, `username` and `password` of the proxy to the service.")),
      secretRef: optional(localReference("Secret with `address`, `token`, `username`, `password`, `headers`, as the type needs.")),
      serviceAccountName: optional(
        string({ description: "ServiceAccount whose workload identity to use; for azuredevops, azureeventhub and googlepubsub." }),
      ),
      suspend: optional(boolean({ description: "Send nothing." })),
      timeout: optional(duration({ description: "How long sending may take; by default 15s.", units: "ms|s|m" })),
      type: oneOf(
        [
          "slack",
          "discord",
          "msteams",
          "rocket",
          "generic",
          "generic-hmac",
          "github",
          "gitlab",
          "gitea",
          "giteapullrequestcomment",
          "bitbucketserver",
          "bitbucket",
          "azuredevops",
          "googlechat",
          "googlepubsub",
          "webex",
          "sentry",
          "azureeventhub",
          "telegram",
          "lark",
          "matrix",
          "opsgenie",
          "alertmanager",
          "grafana",
          "githubdispatch",
          "githubpullrequestcomment",
          "gitlabmergerequestcomment",
          "pagerduty",
          "datadog",
          "nats",
          "zulip",
          "otel",
        ],
        { description: "Which service." },
      ),
      username: optional(string({ description: "Name to write under.", maxLength: 2048 })),
    },
    {
      description: "Which service, and how to reach it.",
      rules: [
        {
          rule: "self.type == 'github' || self.type == 'gitlab' || self.type == 'gitea' || self.type == 'bitbucketserver' || self.type == 'bitbucket' || self.type == 'azuredevops' || !has(self.commitStatusExpr)",
          message:
            "spec.commitStatusExpr is only supported for the 'github', 'gitlab', 'gitea', 'bitbucketserver', 'bitbucket', 'azuredevops' provider types",
        },
      ],
    },
  ),
  status: {},
  columns: [age],
  reasons: {},
});
export type Provider = ObjectOf<typeof Provider>;
