// SPDX-License-Identifier: Apache-2.0

export type GitErrorCode =
  /** Credentials that do not fit the transport. */
  | "INVALID_AUTH"
  | "INVALID_URL"
  | "AUTHENTICATION_REQUIRED"
  | "AUTHORIZATION_FAILED"
  | "REPOSITORY_NOT_FOUND"
  | "EMPTY_REPOSITORY"
  | "REFERENCE_NOT_FOUND"
  | "COMMIT_NOT_FOUND"
  /** It was fetched with another id than it was listed with, again and again. */
  | "REFERENCE_MOVED"
  /** A range that cannot be read, or that no tag lies in. */
  | "SEMVER"
  /** No answer, or one that is not git's. */
  | "UNREACHABLE"
  | "TIMEOUT"
  | "TOO_LARGE"
  /** A tree that no checkout can be made of. */
  | "INVALID_TREE"
  | "SUBMODULE"
  /** The git process failed otherwise. */
  | "GIT_FAILED";

/** What the functions of this folder throw. Messages hold no credentials. */
export class GitError extends Error {
  override readonly name = "GitError";
  readonly code: GitErrorCode;

  constructor(code: GitErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** The same failure, with what was attempted before its message. */
  within(what: string): GitError {
    return new GitError(this.code, `${what}: ${this.message}`, { cause: this });
  }
}
