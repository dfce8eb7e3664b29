// SPDX-License-Identifier: Apache-2.0
export { GitError } from "./git-error.ts";
export type { GitErrorCode } from "./git-error.ts";
export { authOptionsFor } from "./auth-options.ts";
export type { GitAuth, HttpAuth, SecretData, SshAuth } from "./auth-options.ts";
export { deadline } from "./deadline.ts";
export { createGitClient } from "./client.ts";
export type { GitClient, GitClientOptions } from "./client.ts";
export type { CheckoutOptions, CheckoutResult } from "./session.ts";
export type { Checkout } from "./checkout.ts";
export { signatureType } from "./signature-type.ts";
export type { SignatureType } from "./signature-type.ts";
export { shortMessage } from "./commit.ts";
export type { GitCommit, GitSignature } from "./commit.ts";
export { commitDigest, formatAbsoluteRevision, formatRevision, modernRevision, splitRevision } from "./revision.ts";
export { selectRef } from "./select-ref.ts";
export type { GitRef, SelectedRef } from "./select-ref.ts";
export type { GitRemote } from "./remote.ts";
