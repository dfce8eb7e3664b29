// SPDX-License-Identifier: Apache-2.0
import type { Checkout } from "./checkout.ts";
import type { EnvironmentOptions } from "./git-environment.ts";
import type { RefListing } from "./list-refs.ts";
import type { Mirrors } from "./mirrors.ts";
import type { GitRemote } from "./remote.ts";

export interface CheckoutOptions {
  /** Aborts when the time is up or the work is no longer wanted; processes are killed. */
  readonly signal: AbortSignal;
  /** The revision of the last checkout: when it is still the newest, nothing is fetched. */
  readonly observedRevision?: string | undefined;
  /** Read the commit even when it is the observed one: something else that the content depends on has changed. */
  readonly force?: boolean | undefined;
  /** Beginnings of the paths to read. Absent: all. */
  readonly sparse?: readonly string[] | undefined;
  readonly recurseSubmodules?: boolean | undefined;
}

export type CheckoutResult =
  | { readonly kind: "checkout"; readonly checkout: Checkout }
  /** The observed revision is still the newest. */
  | { readonly kind: "unchanged"; readonly revision: string }
  /** There is no commit in the repository. */
  | { readonly kind: "empty" };

/** What the parts of a checkout share. */
export interface GitSession {
  readonly mirrors: Mirrors;
  readonly environment: EnvironmentOptions;
  readonly maxObjectBytes: number;
  listRefs(remote: GitRemote, prefixes: readonly string[], signal: AbortSignal): Promise<RefListing>;
}
