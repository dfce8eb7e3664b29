// SPDX-License-Identifier: Apache-2.0
import type { GitRepository } from "@flux-ts/flux-api";
import { insideRoot } from "@flux-ts/toolkit/artifact";
import type { Checkout } from "@flux-ts/toolkit/git";

/** Every folder of a sparse checkout must be there. @throws {Error} with upstream's text */
export function checkSparse(
  { spec, metadata }: GitRepository,
  checkout: Pick<Checkout, "has"> & { readonly commit: Pick<Checkout["commit"], "id"> },
): void {
  for (const folder of spec.sparseCheckout ?? []) {
    const path = insideRoot(folder);
    if (path === "" || checkout.has(path)) continue;
    // The text names a clone's folder, as upstream's does; the number comes of the commit, so that it stays the same.
    const clone = `/tmp/gitrepository-${metadata.namespace ?? ""}-${metadata.name ?? ""}-${Number.parseInt(checkout.commit.id.slice(0, 8), 16) + 1_000_000_000}`;
    throw new Error(
      `failed to sparse checkout directories : sparse checkout dir '${folder}' does not exist in repository: lstat ${clone}/${path}: no such file or directory`,
    );
  }
}
