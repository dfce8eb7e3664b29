// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gunzipSync } from "node:zlib";
import { parseYamlDocuments } from "@flux-ts/kube-core";
import type { CaseResult, Suite } from "@flux-ts/testbed";
import type { BuildOptions } from "../src/build.ts";
import { build, toYaml } from "../src/build.ts";
import { MemoryFileSystem } from "../src/memory-file-system.ts";

/** One case of the corpus; its README tells what the fields mean. */
export interface CorpusCase {
  readonly name: string;
  readonly group: string;
  readonly files: Readonly<Record<string, string | { readonly base64: string }>>;
  readonly target: string;
  readonly options: {
    readonly reorder: "none" | "legacy" | "unspecified";
    readonly loadRestrictor: "root" | "none";
    readonly managedByLabel: boolean;
  };
  readonly error: boolean;
  readonly expected: string | null;
  readonly confirmed: boolean;
}

const root = "/case";

/** Every case below a conformance folder. */
export function* casesIn(folder: string): Generator<CorpusCase> {
  const base = join(folder, "kustomize");
  for (const name of readdirSync(base, { recursive: true, encoding: "utf8" }).toSorted()) {
    if (!name.endsWith(".jsonl") && !name.endsWith(".jsonl.gz")) continue;
    const raw = readFileSync(join(base, name));
    const text = name.endsWith(".gz") ? gunzipSync(raw).toString("utf8") : raw.toString("utf8");
    for (const line of text.split("\n")) if (line.trim() !== "") yield JSON.parse(line) as CorpusCase;
  }
}

/** The files of a case, as its program would find them. */
export function fileSystemOf(one: CorpusCase): MemoryFileSystem {
  return new MemoryFileSystem(
    Object.entries(one.files).map(([path, content]) => [
      `${root}/${path}`,
      typeof content === "string" ? content.replaceAll("{dir}", root) : Buffer.from(content.base64, "base64"),
    ]),
  );
}

export function optionsOf({ options }: CorpusCase): BuildOptions {
  return {
    ...(options.reorder === "unspecified" ? {} : { reorder: options.reorder }),
    loadRestrictor: options.loadRestrictor,
    managedByLabel: options.managedByLabel,
  };
}

/** What the build of a case writes. */
export function outputOf(one: CorpusCase): string {
  return toYaml(build(fileSystemOf(one), join(root, one.target), optionsOf(one)).objects);
}

/** The label that says which program built is not compared. */
function normalized(text: string): string {
  return text.replaceAll("{dir}", root).replace(/(app\.kubernetes\.io\/managed-by: ["']?kustomize-)[^\s"']+/g, "$1*");
}

/** Runs the corpus; `isSame` compares what was expected with what came. */
export function corpusSuite(
  name: string,
  knownFailures: Suite["knownFailures"],
  isSame: (expected: string, actual: string) => boolean,
): Suite {
  return {
    name,
    knownFailures,
    present: (folder) => existsSync(join(folder, "kustomize")),
    async run(folder, tell, { filter }) {
      for (const one of casesIn(folder)) {
        if (filter === undefined || filter.test(one.name)) tell(runCase(one, isSame));
      }
    },
  };
}

function runCase(one: CorpusCase, isSame: (expected: string, actual: string) => boolean): CaseResult {
  const { name, group: area } = one;
  if (!one.confirmed) return { name, area, outcome: "skipped", detail: "the reference does something else than the upstream test" };
  let actual: string;
  try {
    actual = outputOf(one);
  } catch (error) {
    if (one.error) return { name, area, outcome: "passed" };
    return { name, area, outcome: "failed", detail: error instanceof Error ? error.message : String(error) };
  }
  if (one.error) return { name, area, outcome: "failed", detail: "no error, but one was expected" };
  const expected = normalized(one.expected ?? "");
  const got = normalized(actual);
  if (isSame(expected, got)) return { name, area, outcome: "passed" };
  return { name, area, outcome: "failed", detail: firstDifference(expected, got) };
}

function firstDifference(expected: string, actual: string): string {
  const [left, right] = [expected.split("\n"), actual.split("\n")];
  const line = left.findIndex((text, index) => text !== right[index]);
  const at = line < 0 ? left.length : line;
  return `line ${at + 1}: expected ${JSON.stringify(left[at])}, got ${JSON.stringify(right[at])}`;
}

/** Equal as documents: order of keys and style do not matter. */
export function isSameData(expected: string, actual: string): boolean {
  if (expected === actual) return true;
  const documents = (text: string): unknown[] => parseYamlDocuments(text).filter((value) => value !== null);
  return isDeepStrictEqual(documents(expected), documents(actual));
}
