// SPDX-License-Identifier: Apache-2.0
import { reason } from "../reasons.ts";

const storage = (description: string) => ({ description, condition: "StorageOperationFailed" }) as const;
const fetch = (description: string) => ({ description, condition: "FetchFailed" }) as const;

/** Reasons of every source, with the condition that a failure also sets. @see source-controller api/v1 condition_types.go */
export const sourceReasons = {
  Succeeded: "The artifact is stored and up to date.",
  Failed: reason.Failed,
  Progressing: reason.Progressing,
  ProgressingWithRetry: reason.ProgressingWithRetry,
  Suspended: reason.Suspended,
  AccessDenied: reason.AccessDenied,
  FeatureGateDisabled: fetch(reason.FeatureGateDisabled),
  URLInvalid: fetch("The URL is not valid; correct it."),
  AuthenticationFailed: fetch("The credentials could not be read or used; check the Secret or the ServiceAccount."),
  NewRevision: { description: "The origin has a new revision; a new artifact is on its way.", condition: "ArtifactOutdated" },
  NewArtifact: "A new artifact is stored.",
  ArtifactUpToDate: "The artifact is the one that is already stored.",
  DirectoryCreationFailed: storage("A folder could not be made in the storage; check its space and permissions."),
  StatOperationFailed: storage("A file could not be read in the storage; check it."),
  SymlinkUpdateFailed: storage("A link could not be made in the storage; check its space and permissions."),
  AcquireLockFailed: storage("The storage of this object is locked by somebody else; it is retried."),
  ArchiveOperationFailed: storage("The artifact could not be packed or stored; check the storage's space."),
  PatchOperationFailed: storage("What was fetched could not be copied into place; check the storage."),
  SourceIgnoreError: storage("A .sourceignore file could not be read; correct it."),
  InvalidPath: storage(reason.InvalidPath),
  GarbageCollectionSucceeded: "Artifacts that nobody needs any more are deleted.",
  GarbageCollectionFailed: "Old artifacts could not be deleted; check the storage.",
  ArtifactVerificationFailed: "The stored file is not the one that the status tells of; it is fetched again.",
} as const;
