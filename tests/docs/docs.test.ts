// SPDX-License-Identifier: Apache-2.0
// What the pages for readers name exists: files, doors and what is imported from them, npm scripts.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const packages = readdirSync(`${root}packages`).filter((name) => existsSync(`${root}packages/${name}/README.md`));
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "docs/architecture.md",
  "docs/getting-started.md",
  "docs/troubleshooting.md",
  ...packages.map((name) => `packages/${name}/README.md`),
];
const files = packages.flatMap((name) => readdirSync(`${root}packages/${name}/src`, { recursive: true, encoding: "utf8" }));
const read = (path: string): string => readFileSync(`${root}${path}`, "utf8");

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, { readonly source: string }>>;
}
const manifest = (folder: string): Manifest => JSON.parse(read(`${folder}package.json`)) as Manifest;

describe.each(pages)("%s", (page) => {
  const text = read(page);
  const own = page.replace(/[^/]*$/, "");

  test("names files and folders that are there", () => {
    const words = [...text.matchAll(/`([\w.@-]+(?:\/[\w.@-]+)+\/?|[\w-]+\.(?:ts|mjs|md))`|\]\(([\w./-]+)\)/g)].map(
      ([, code, link]) => code ?? link ?? "",
    );
    const paths = words.filter(
      (word) => !word.startsWith("@") && /\/(?:$|.*\.\w+$)|^(?:src|bin|docs|tools|tests|examples|packages)\/|\.(?:ts|mjs|md)$/.test(word),
    );
    const isThere = (path: string): boolean =>
      ["", own, `${own}src/`, "packages/", "docs/"].some((base) => existsSync(`${root}${base}${path}`)) || existsBelow(path);
    expect(paths.filter((path) => !isThere(path))).toEqual([]);
  });

  test("imports what the doors have", async () => {
    const missing: string[] = [];
    for (const [, names = "", , name = "", door] of text.matchAll(/import \{([^}]+)\} from "(@flux-ts\/([\w-]+)(?:\/([\w-]+))?)"/g)) {
      const file = manifest(`packages/${name}/`).exports?.[door === undefined ? "." : `./${door}`]?.source;
      if (file === undefined) {
        missing.push(`${name}/${door ?? ""}`);
        continue;
      }
      const path = `packages/${name}/${file}`;
      const values = (await import(/* @vite-ignore */ `${root}${path}`)) as Readonly<Record<string, unknown>>;
      for (const imported of names.split(",").map((word) => word.trim().replace(/^type /, ""))) {
        if (imported !== "" && !Object.hasOwn(values, imported) && !new RegExp(`\\b${imported}\\b`).test(read(path)))
          missing.push(`${imported} of ${path}`);
      }
    }
    expect(missing).toEqual([]);
  });

  test("shows code that is there: a block that begins with the path of a file is a piece of it", () => {
    const blocks = [...text.matchAll(/^```ts\n\/\/ (\S+\.ts)\n([^]*?)^```$/gm)];
    expect(blocks.filter(([, path = "", code = ""]) => !read(path).includes(code)).map(([, path, code]) => `${path}: ${code}`)).toEqual([]);
    // The page that says how to add things shows an example of each.
    if (page === "CONTRIBUTING.md") expect(blocks.length).toBeGreaterThanOrEqual(9);
  });

  test("runs npm scripts that are there", () => {
    const { scripts = {} } = manifest("");
    const named = [...text.matchAll(/\bnpm run ([\w-]+)/g)].map(([, script]) => script ?? "");
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
  });
});

/** A page speaks of `queue.ts` where it means the one in a folder below, or the one in each kind's folder. */
function existsBelow(name: string): boolean {
  return files.some((path) => path === name || path.endsWith(`/${name}`));
}
