// SPDX-License-Identifier: Apache-2.0

export type HelmErrorCode =
  /** What is given is no chart, or its Chart.yaml is not valid. */
  | "CHART"
  /** An archive is broken, too large, or names files outside of itself. */
  | "ARCHIVE"
  /** Values cannot be read or put together. */
  | "VALUES"
  /** Values do not meet a chart's values.schema.json. */
  | "SCHEMA"
  /** Dependencies are missing or cannot be put together. */
  | "DEPENDENCIES"
  /** The chart is not for this version of Kubernetes. */
  | "KUBE_VERSION"
  /** A template cannot be parsed or executed. */
  | "TEMPLATE"
  /** A template asks for more than the limits allow. */
  | "LIMIT"
  /** What a template made is not YAML, or no object. */
  | "MANIFEST"
  /** A post-renderer failed, or gave what cannot be read. */
  | "POST_RENDER"
  /** An option is not valid: a release's name, a Kubernetes version. */
  | "OPTION"
  /** A stored release cannot be read. */
  | "RELEASE"
  /** There is no such release, or no such revision of it. */
  | "RELEASE_NOT_FOUND"
  /** The revision of a release that is to be made is there already. */
  | "RELEASE_EXISTS"
  /** No revision of a release is deployed. */
  | "NO_DEPLOYED_RELEASES"
  /** Stored releases could not be read from or written to the cluster. */
  | "STORAGE";

/** More about an error, for people; Helm's own message stays as it is. */
export interface HelmErrorDetails {
  /** The template and the line, `chart/templates/x.yaml:3:5`. */
  readonly place?: string;
  /** What helps to mend it: the values layers that were searched for a missing value, say. Lines. */
  readonly notes?: readonly string[];
  readonly cause?: unknown;
}

/** What can go wrong with charts, values and rendering. The message is Helm's where Helm has the same. */
export class HelmError extends Error {
  override readonly name = "HelmError";
  readonly code: HelmErrorCode;
  readonly place: string | undefined;
  readonly notes: readonly string[];

  constructor(code: HelmErrorCode, message: string, { place, notes = [], cause }: HelmErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.place = place;
    this.notes = notes;
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
