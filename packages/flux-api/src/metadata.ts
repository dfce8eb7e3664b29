// SPDX-License-Identifier: Apache-2.0

/** Annotation: reconcile now. Any new value asks; it is mirrored to `status.lastHandledReconcileAt`. */
export const RECONCILE_REQUESTED_AT = "reconcile.fluxcd.io/requestedAt";
/** Annotation of HelmRelease: with the value of {@link RECONCILE_REQUESTED_AT}, install or upgrade once whatever the state. */
export const FORCE_REQUESTED_AT = "reconcile.fluxcd.io/forceAt";
/** Annotation of HelmRelease: with the value of {@link RECONCILE_REQUESTED_AT}, forget the failures counted. */
export const RESET_REQUESTED_AT = "reconcile.fluxcd.io/resetAt";
/** Label of ConfigMaps and Secrets whose change reconciles the objects that refer to them; value {@link WATCH_ENABLED}. */
export const WATCH_LABEL = "reconcile.fluxcd.io/watch";
export const WATCH_ENABLED = "Enabled";
/** Label: which shard of a controller owns the object. */
export const SHARD_KEY_LABEL = "sharding.fluxcd.io/key";
/** Label on what `flux create tenant` makes. */
export const TENANT_LABEL = "toolkit.fluxcd.io/tenant";
/** Finalizer of every kind but ArtifactGenerator. */
export const FINALIZER = "finalizers.fluxcd.io";
/** Finalizer of ArtifactGenerator. */
export const ARTIFACT_GENERATOR_FINALIZER = "source.extensions.fluxcd.io/finalizer";
/** Annotations with this prefix are copied into the metadata of the object's events (G-EVT-3). */
export const EVENT_ANNOTATION_PREFIX = "event.toolkit.fluxcd.io/";

export const SOURCE_GROUP = "source.toolkit.fluxcd.io";
export const KUSTOMIZE_GROUP = "kustomize.toolkit.fluxcd.io";
export const HELM_GROUP = "helm.toolkit.fluxcd.io";
export const NOTIFICATION_GROUP = "notification.toolkit.fluxcd.io";
export const IMAGE_GROUP = "image.toolkit.fluxcd.io";
export const SOURCE_EXTENSIONS_GROUP = "source.extensions.fluxcd.io";

/** Labels that a Kustomization puts on every object it applies (G-SSA-1). */
export const KUSTOMIZATION_NAME_LABEL = `${KUSTOMIZE_GROUP}/name`;
export const KUSTOMIZATION_NAMESPACE_LABEL = `${KUSTOMIZE_GROUP}/namespace`;
/** Labels that a HelmRelease puts on every object it applies. */
export const HELM_RELEASE_NAME_LABEL = `${HELM_GROUP}/name`;
export const HELM_RELEASE_NAMESPACE_LABEL = `${HELM_GROUP}/namespace`;

/** Label or annotation on an applied object: leave it alone when `disabled`. */
export const KUSTOMIZE_RECONCILE = `${KUSTOMIZE_GROUP}/reconcile`;
/** Label or annotation: never delete it when `disabled`. */
export const KUSTOMIZE_PRUNE = `${KUSTOMIZE_GROUP}/prune`;
/** Label or annotation: `Override`, `Merge`, `IfNotPresent` or `Ignore`. */
export const KUSTOMIZE_SSA = `${KUSTOMIZE_GROUP}/ssa`;
/** Label or annotation: recreate it when an immutable field changes, when `enabled`. */
export const KUSTOMIZE_FORCE = `${KUSTOMIZE_GROUP}/force`;
/** Label or annotation: do not substitute variables in it when `disabled`. */
export const KUSTOMIZE_SUBSTITUTE = `${KUSTOMIZE_GROUP}/substitute`;
/** Annotation: do not decrypt it when `disabled`. */
export const KUSTOMIZE_DECRYPT = `${KUSTOMIZE_GROUP}/decrypt`;

/** Metadata of events, without the group's prefix. */
export const EVENT_REVISION = "revision";
export const EVENT_ORIGIN_REVISION = "originRevision";
export const EVENT_TOKEN = "token";
export const EVENT_DIGEST = "digest";
export const EVENT_CHECKSUM = "checksum";
export const EVENT_COMMIT_STATUS = "commit_status";
export const EVENT_COMMIT_STATUS_UPDATE = "update";
export const EVENT_COMMIT = "commit";
export const EVENT_CHANGE_REQUEST = "change_request";

/** Annotations of OCI artifacts and of an artifact's metadata. */
export const OCI_REVISION = "org.opencontainers.image.revision";
export const OCI_SOURCE = "org.opencontainers.image.source";
export const OCI_CREATED = "org.opencontainers.image.created";
