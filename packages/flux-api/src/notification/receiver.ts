// SPDX-License-Identifier: Apache-2.0
import type { ObjectOf } from "@flux-ts/kube-core";
import { defineKind } from "@flux-ts/kube-core";
import { array, boolean, duration, listMap, object, oneOf, optional, string } from "@flux-ts/kube-core/schema";
import { age, ready, status } from "../columns.ts";
import { NOTIFICATION_GROUP } from "../metadata.ts";
import { eventSourceFields, localReference } from "../references.ts";
import { reason } from "../reasons.ts";
import { commonStatus, UNOBSERVED } from "../status.ts";

const oidcProvider = object(
  {
    audience: optional(string({ description: "The audience that a token must be for." })),
    issuerURL: string({ description: "URL of the issuer, under which its keys are found.", pattern: "^https?://" }),
    validations: array(
      object(
        {
          expression: string({ description: "CEL over the claims and variables that must be true." }),
          message: string({ description: "What to say when it is not." }),
        },
        { description: "One condition on a token." },
      ),
      { description: "Conditions on a token; all must be true.", minItems: 1 },
    ),
    variables: optional(
      array(
        object(
          {
            expression: string({ description: "CEL over the claims and the variables before." }),
            name: string({ description: "Name of the variable." }),
          },
          { description: "One variable." },
        ),
        { description: "Variables for the validations." },
      ),
    ),
  },
  { description: "An issuer of tokens." },
);

/** A webhook that makes objects reconcile. */
export const Receiver = defineKind({
  group: NOTIFICATION_GROUP,
  version: "v1",
  kind: "Receiver",
  plural: "receivers",
  categories: ["all", "fluxcd", "fluxcd-notifications"],
  description: "A webhook that makes objects reconcile at once.",
  spec: object(
    {
      events: optional(array(string(), { description: "Events to accept, by the header of the caller; by default all." })),
      interval: optional(duration({ description: "How often to reconcile the Receiver itself.", default: "10m" })),
      oidcProviders: optional(
        listMap(["issuerURL"], oidcProvider, { description: "Issuers whose tokens are accepted; for generic-oidc." }),
      ),
      resourceFilter: optional(
        string({ description: "CEL over `res` (an object's metadata) and `req` (the body): objects for which it is true are reconciled." }),
      ),
      resources: array(
        object(
          {
            ...eventSourceFields,
            filter: optional(string({ description: "CEL, as resourceFilter, for these objects." })),
          },
          { description: "Objects to reconcile." },
        ),
        { description: "The objects to reconcile." },
      ),
      secretRef: optional(localReference("Secret with the `token` that the caller knows too.")),
      suspend: optional(boolean({ description: "Refuse every call." })),
      type: oneOf(
        [
          "generic",
          "generic-hmac",
          "generic-oidc",
          "github",
          "gitlab",
          "bitbucket",
          "harbor",
          "dockerhub",
          "quay",
          "gcr",
          "nexus",
          "acr",
          "cdevents",
        ],
        { description: "Who calls, and so how a call is checked." },
      ),
    },
    {
      description: "Who may call, and what reconciles then.",
      rules: [
        {
          rule: "self.type != 'generic-oidc' || (has(self.oidcProviders) && size(self.oidcProviders) > 0)",
          message: "generic-oidc receivers must define at least one oidcProvider",
        },
        {
          rule: "self.type == 'generic-oidc' || !has(self.oidcProviders) || size(self.oidcProviders) == 0",
          message: "oidcProviders can only be set when type is generic-oidc",
        },
        {
          rule: "self.type != 'generic-oidc' || !has(self.secretRef)",
          message: "secretRef cannot be set when type is generic-oidc",
        },
        {
          rule: "self.type == 'generic-oidc' || has(self.secretRef)",
          message: "secretRef is required when type is not generic-oidc",
        },
      ],
    },
  ),
  status: object(
    {
      ...commonStatus,
      webhookPath: optional(string({ description: "Path of the webhook: `/hook/` and a digest that nobody can guess." })),
    },
    { description: "Where to call.", default: UNOBSERVED },
  ),
  columns: [age, ready, status],
  reasons: {
    Succeeded: "The webhook can be called.",
    TokenNotFound: "The Secret, or its token, does not exist; create it.",
    ValidationFailed: "The Receiver is not valid; the message says why.",
    InvalidCELExpression: reason.InvalidCELExpression,
    Progressing: reason.Progressing,
    ProgressingWithRetry: reason.ProgressingWithRetry,
    Suspended: reason.Suspended,
  },
});
export type Receiver = ObjectOf<typeof Receiver>;
