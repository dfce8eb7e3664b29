// SPDX-License-Identifier: Apache-2.0
import type { ObjectOf } from "@flux-ts/kube-core";
import { defineKind } from "@flux-ts/kube-core";
import { array, boolean, mapOf, object, oneOf, optional, string } from "@flux-ts/kube-core/schema";
import { age } from "../columns.ts";
import { NOTIFICATION_GROUP } from "../metadata.ts";
import { eventSourceFields, localReference } from "../references.ts";

/** Which events go to a Provider. */
export const Alert = defineKind({
  group: NOTIFICATION_GROUP,
  version: "v1beta3",
  kind: "Alert",
  plural: "alerts",
  categories: ["all", "fluxcd", "fluxcd-notifications"],
  description: "Which events of which objects are sent to a Provider.",
  spec: object(
    {
      eventMetadata: optional(mapOf(string(), { description: "Metadata to add to every event." })),
      eventSeverity: optional(
        oneOf(["info", "error"], { description: "Send every event (info), or failures only (error).", default: "info" }),
      ),
      eventSources: array(object(eventSourceFields, { description: "Objects whose events to send." }), {
        description: "The objects whose events to send.",
      }),
      exclusionList: optional(
        array(string(), { description: "Regular expressions: events whose message one of them matches are dropped." }),
      ),
      inclusionList: optional(
        array(string(), { description: "Regular expressions: only events whose message one of them matches are sent." }),
      ),
      providerRef: localReference("The Provider to send to, of the same namespace."),
      summary: optional(string({ description: "A line on what is affected. Deprecated: use `summary` in eventMetadata.", maxLength: 255 })),
      suspend: optional(boolean({ description: "Send nothing." })),
    },
    { description: "What to send, and where to." },
  ),
  status: {},
  columns: [age],
  reasons: {
    MetadataAppendFailed: "Metadata of the event and of the Alert have a key in common; rename it in spec.eventMetadata.",
    SourceFetchFailed: "The object that an event is of could not be read, to match its labels.",
    InvalidConfig: "The Alert or its Provider is not valid; the message says why.",
    NotificationDispatchFailed: "The Provider did not take the event; the message says why.",
  },
});
export type Alert = ObjectOf<typeof Alert>;
