// SPDX-License-Identifier: Apache-2.0
export { ArtifactError } from "./artifact-error.ts";
export type { ArtifactErrorCode } from "./artifact-error.ts";
export { comparePaths, entriesOf, sizeOf, sortByPath, treeOf } from "./file-tree.ts";
export type { FileTree, TreeEntry } from "./file-tree.ts";
export { gzip, packTree, tar } from "./archive.ts";
export { readTar, unpackTree } from "./untar.ts";
export type { UnpackLimits, UnpackOptions } from "./untar.ts";
export { algorithmNamed, createHasher, digestAlgorithms, digestOf, parseDigest } from "./digest.ts";
export type { DigestAlgorithm, Hasher } from "./digest.ts";
export { ArtifactMemory } from "./artifact-memory.ts";
export { createArtifacts } from "./fetch.ts";
export type { ArtifactLocation, Artifacts, ArtifactsOptions } from "./fetch.ts";
export { ArtifactStorage, artifactPath } from "./storage.ts";
export type { ArtifactOwner, StorageOptions, StoredArtifact } from "./storage.ts";
export { serveArtifacts } from "./serve.ts";
