// SPDX-License-Identifier: Apache-2.0

/** Reasons that several kinds share: what they mean, and what to do. @see fluxcd/pkg apis/meta conditions.go */
export const reason = {
  Succeeded: "Everything went well; nothing to do.",
  Failed: "The reconciliation failed; the message says at what. It is retried.",
  Progressing: "The controller is working on it; wait.",
  ProgressingWithRetry: "The last attempt failed and another one is coming; the Ready condition says what failed.",
  Suspended: "The object is suspended; run `flux resume` to reconcile it again.",
  DependencyNotReady: "Something it depends on is missing or not ready yet; look at the object that the message names.",
  FeatureGateDisabled: "The object uses a feature that this controller has switched off; enable the feature gate, or leave the field out.",
  AccessDenied: "A reference to another namespace is not allowed here; move the object, or allow cross-namespace references.",
  InvalidCELExpression: "A CEL expression of the spec does not compile, or does not give a boolean; correct it.",
  InvalidPath: "A path of the spec is not valid, or leads out of the artifact; correct it.",
  InvalidURL: "The URL is not valid; correct it.",
  UnsupportedConnectionType: "The scheme of the URL is not supported; use another one.",
  InsecureConnectionsDisallowed: "Connections without TLS are switched off; use https, or allow them.",
} as const;
