// SPDX-License-Identifier: Apache-2.0
import { goQuote } from "@flux-ts/kube-core";

export type KustomizeErrorCode =
  /** A file or folder is not there, or is not what it should be. */
  | "NOT_FOUND"
  /** A path leaves the folder that may be read. */
  | "OUTSIDE_ROOT"
  /** A kustomization refers to a folder that it is in. */
  | "CYCLE"
  /** A folder has no kustomization file, or more than one. */
  | "NO_KUSTOMIZATION"
  /** A kustomization file, or the configuration of a transformer or generator, is not valid. */
  | "INVALID_KUSTOMIZATION"
  /** A file of resources or a patch is not valid YAML, or holds what is not a Kubernetes object. */
  | "INVALID_RESOURCE"
  /** Two resources have the same group, version, kind, namespace and name. */
  | "CONFLICT"
  /** A patch, replacement, generator or transformer could not be applied. */
  | "CANNOT_APPLY"
  /** A remote base or file was asked for and is not allowed or could not be read. */
  | "REMOTE"
  /** What this engine does not do: exec and container plugins, Helm charts without the `inflateChart` port. */
  | "UNSUPPORTED"
  /** The kustomization asks for more than the limits allow. */
  | "TOO_LARGE";

export interface KustomizeErrorDetails {
  /** The file or folder at fault. */
  readonly path?: string;
  /** The object at fault, as `Kind/namespace/name`. */
  readonly object?: string;
  readonly line?: number;
  /** The field of the kustomization file that asks for what failed, such as `patches[1]`. */
  readonly field?: string;
  readonly stage?: "generate" | "build";
  readonly cause?: unknown;
}

/** A build that failed. The message says what was attempted, outermost first, as kustomize does. */
export class KustomizeError extends Error {
  override readonly name = "KustomizeError";
  readonly code: KustomizeErrorCode;
  readonly path: string | undefined;
  readonly object: string | undefined;
  readonly line: number | undefined;
  readonly field: string | undefined;
  /** Of a build for Flux: whether making the kustomization file failed, or building it. */
  readonly stage: "generate" | "build" | undefined;

  constructor(code: KustomizeErrorCode, message: string, details: KustomizeErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.path = details.path;
    this.object = details.object;
    this.line = details.line;
    this.field = details.field;
    this.stage = details.stage;
  }

  /** The same error, marked with the stage in which it came up. */
  inStage(stage: "generate" | "build"): KustomizeError {
    return new KustomizeError(this.code, this.message, { ...detailsOf(this), stage });
  }
}

/** The same error with more of its details; what it has already stays. */
export function withDetails(error: KustomizeError, details: KustomizeErrorDetails): KustomizeError {
  return new KustomizeError(error.code, error.message, { ...details, ...detailsOf(error), cause: error.cause ?? error });
}

function detailsOf({ path, object, line, field, stage, cause }: KustomizeError): KustomizeErrorDetails {
  return {
    ...(path === undefined ? {} : { path }),
    ...(object === undefined ? {} : { object }),
    ...(line === undefined ? {} : { line }),
    ...(field === undefined ? {} : { field }),
    ...(stage === undefined ? {} : { stage }),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** The same error with `prefix: ` before its message. What is not a KustomizeError passes unchanged. */
export function withPrefix(prefix: string, error: unknown): unknown {
  if (!(error instanceof KustomizeError)) return error;
  return new KustomizeError(error.code, `${prefix}: ${error.message}`, { ...detailsOf(error), cause: error.cause ?? error });
}

// A quotation in a quotation has twice the backslashes: without a bound, thirty components in each other fill the memory.
const maxQuoted = 4096;

/** Runs `work`; what it throws becomes a quotation after the prefix, as upstream does with components. Of long texts, the end. */
export function quoting<T>(prefix: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof KustomizeError)) throw error;
    const quoted = goQuote(error.message.length > maxQuoted ? `…${error.message.slice(-maxQuoted)}` : error.message);
    throw new KustomizeError(error.code, `${prefix} ${quoted}`, { ...detailsOf(error), cause: error.cause ?? error });
  }
}

/** Runs `work`; what it throws gets the prefix, which may be made only then. */
export function prefixed<T>(prefix: string | (() => string), work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw withPrefix(typeof prefix === "string" ? prefix : prefix(), error);
  }
}
