// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { expect, test } from "vitest";
import { tar } from "./archive.ts";
import { ArtifactError } from "./artifact-error.ts";
import type { TreeEntry } from "./file-tree.ts";
import { comparePaths, entriesOf, treeOf } from "./file-tree.ts";
import { readTar } from "./untar.ts";

const name = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
  .filter((text) => !/[/\\\0]/.test(text) && text !== "." && text !== "..");
/** Folders and files have names of different endings, so that no file stands where a folder does. */
const path = fc
  .tuple(
    fc.array(
      name.map((text) => `${text}.d`),
      { maxLength: 8 },
    ),
    name.map((text) => `${text}.f`),
  )
  .map(([folders, file]) => [...folders, file].join("/"));
const entry = fc.record({ path, content: fc.uint8Array({ maxLength: 1500 }), executable: fc.boolean() });

test("whatever is packed comes out again, in the same order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 20 }), async (entries) => {
      const tree = treeOf(entries);
      const again = readTar(await bytesOf(entriesOf(tree)));
      expect([...again.files].map(([key, content]) => [key, Buffer.from(content)])).toEqual(
        [...tree.files].map(([key, content]) => [key, Buffer.from(content)]),
      );
      expect(again.folders).toEqual(tree.folders);
      expect(again.executables).toEqual(tree.executables);
      const paths = entriesOf(again).map((each) => each.path);
      expect(paths).toEqual([...paths].sort(comparePaths));
    }),
    { numRuns: 60, seed: 1 },
  );
});

test("a damaged archive is read or refused, and nothing else happens", async () => {
  const good = await bytesOf(
    entriesOf(
      treeOf([
        { path: "a/b", content: Buffer.alloc(700, 1) },
        { path: `${"long/".repeat(40)}c`, content: Buffer.from("x") },
      ]),
    ),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }),
      fc.nat(good.length),
      (changes, end) => {
        const bytes = Buffer.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          for (const key of readTar(bytes.subarray(0, end)).files.keys()) expect(key.split("/")).not.toContain("..");
        } catch (error) {
          expect(error).toBeInstanceOf(ArtifactError);
        }
      },
    ),
    { numRuns: 2000, seed: 1 },
  );
});

async function bytesOf(entries: readonly TreeEntry[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of tar(entries)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
