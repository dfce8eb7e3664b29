// SPDX-License-Identifier: Apache-2.0

/** `trace` events become Kubernetes Events only: they are never posted (G-EVT-1). */
export type EventSeverity = "info" | "error" | "trace";

/** What an event is about. */
export interface InvolvedObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
  readonly apiVersion?: string;
  readonly resourceVersion?: string;
}

/** The body that controllers post to the event server (G-EVT-2). @see fluxcd/pkg apis/event/v1beta1 Event */
export interface FluxEvent {
  readonly involvedObject: InvolvedObject;
  readonly severity: EventSeverity;
  /** RFC 3339. */
  readonly timestamp: string;
  readonly message: string;
  readonly reason: string;
  /** Keys carry the prefix `<group>/` of the involved object, or `event.toolkit.fluxcd.io/`. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** `kustomize-controller`. */
  readonly reportingController: string;
  /** The host that posts it. */
  readonly reportingInstance?: string;
}
