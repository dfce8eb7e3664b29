// SPDX-License-Identifier: Apache-2.0
import type { GitRepository } from "@flux-ts/flux-api";
import type { FileTree, TreeEntry } from "@flux-ts/toolkit/artifact";
import { entriesOf, placeTree, treeOf } from "@flux-ts/toolkit/artifact";
import type { Checkout } from "@flux-ts/toolkit/git";
import { ignoreFile, ignoresOf } from "@flux-ts/toolkit/ignore";
import { prefixed } from "../prefixed.ts";
import type { Include } from "./includes.ts";
import type { GitRepositoryContext } from "./context.ts";

const defaultMaxTreeBytes = 256 * 1024 * 1024;

/** The content of the artifact: the commit, the includes in their places, and of both what the ignore rules leave. */
export async function buildTree(
  { spec }: GitRepository,
  checkout: Checkout,
  includes: readonly Include[],
  ctx: GitRepositoryContext,
): Promise<FileTree> {
  const included = await placeAll(checkout, includes, ctx);
  const ignores = await ctx.step("SourceIgnoreError", () =>
    prefixed("failed to load source ignore patterns from repository", async () =>
      ignoresOf([...(await checkout.ignoreFiles()), ...included.flatMap(ignoreFileOf)], spec.ignore),
    ),
  );
  const own = await ctx.step("GitOperationFailed", () =>
    prefixed("failed to checkout and determine revision", () => checkout.load(ignores, ctx.options.maxTreeBytes ?? defaultMaxTreeBytes)),
  );
  if (included.length === 0) return own;
  return treeOf([...entriesOf(own), ...included.filter(({ path, content }) => !ignores(path, content === undefined))]);
}

async function placeAll(checkout: Checkout, includes: readonly Include[], ctx: GitRepositoryContext): Promise<TreeEntry[]> {
  const placed = new Map<string, TreeEntry>();
  for (const include of includes) {
    await ctx.step("CopyFailure", async () => {
      const what = `failed to copy '${include.name}' include from ${include.fromPath} to ${include.toPath}`;
      const entries = await prefixed(what, async () => {
        const tree = await ctx.options.storage.load(include.artifact);
        return placeTree(tree, include.fromPath, include.toPath, (path) => {
          const entry = placed.get(path);
          if (entry !== undefined) return entry.content === undefined ? "folder" : "file";
          return checkout.kindAt(path);
        });
      });
      for (const entry of entries) placed.set(entry.path, entry);
    });
  }
  return [...placed.values()];
}

function ignoreFileOf({ path, content }: TreeEntry): { readonly folder: string; readonly text: string }[] {
  const isIgnoreFile = content !== undefined && (path === ignoreFile || path.endsWith(`/${ignoreFile}`));
  return isIgnoreFile
    ? [{ folder: path.slice(0, Math.max(0, path.length - ignoreFile.length - 1)), text: Buffer.from(content).toString("utf8") }]
    : [];
}
