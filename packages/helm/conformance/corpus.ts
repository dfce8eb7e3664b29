// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** One recorded case; the format is that of the corpus' README. */
export interface RecordedCase {
  readonly name: string;
  readonly kind: string;
  readonly origin: string;
  readonly files?: Readonly<Record<string, string | { readonly base64: string }>>;
  readonly valuesFiles?: readonly string[];
  readonly valuesYaml?: string;
  readonly valuesFile?: string;
  readonly template?: string;
  readonly dot?: string;
  readonly data?: unknown;
  readonly expectedBase64?: string;
  readonly values?: unknown;
  readonly args?: readonly string[];
  readonly flags?: readonly string[];
  readonly release?: string;
  readonly namespace?: string;
  readonly tgz?: string;
  readonly output?: string;
  readonly stream?: string;
  readonly expected?: string;
  readonly expectedNotes?: string;
  readonly notes?: string;
  readonly error?: string;
  readonly errorTail?: string;
  readonly ignore?: readonly IgnoredValue[];
  readonly ignoreLines?: readonly number[];
}

/** A value that is made anew each time: in which document, and where in it. */
export interface IgnoredValue {
  readonly source: string;
  readonly doc: number;
  readonly path: string;
}

interface RawCase extends RecordedCase {
  readonly error42?: string;
  readonly output42?: string;
  readonly ignoreLines42?: readonly number[];
  readonly expected42?: string;
  readonly expectedNotes42?: string;
}

/** What Helm 4.2.4 does stands beside what 4.1.4 does, where the two differ. */
function of42(raw: RawCase): RecordedCase {
  const { error42, output42, ignoreLines42, expected42, expectedNotes42, ...plain } = raw;
  const {
    error: _error,
    errorTail: _tail,
    output: _output,
    ignoreLines: _lines,
    expected: _expected,
    expectedNotes: _notes,
    ...rest
  } = plain;
  if (error42 !== undefined) return { ...rest, error: error42 };
  if (output42 !== undefined) return { ...rest, output: output42, ...(ignoreLines42 === undefined ? {} : { ignoreLines: ignoreLines42 }) };
  if (expected42 !== undefined) return { ...rest, expected: expected42 };
  if (expectedNotes42 !== undefined) return { ...rest, expectedNotes: expectedNotes42 };
  return plain;
}

function readLines(file: string): RecordedCase[] {
  return gunzipSync(readFileSync(file))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => of42({ ...(JSON.parse(line) as RawCase) }));
}

/** The folder of Helm's cases; undefined without. */
export function helmFolder(folder: string): string | undefined {
  const helm = join(folder, "helm");
  return existsSync(join(helm, "templates")) ? helm : undefined;
}

/** Cases of one kind, from wherever in the folder they are. */
export function casesOf(folder: string, kind: string): RecordedCase[] {
  const helm = helmFolder(folder);
  if (helm === undefined) return [];
  const inFolder = (name: string): RecordedCase[] =>
    existsSync(join(helm, name))
      ? readdirSync(join(helm, name))
          .filter((file) => file.endsWith(".jsonl.gz"))
          .toSorted()
          .flatMap((file) => readLines(join(helm, name, file)))
      : [];
  return inFolder(kind === "chart" ? "charts" : "templates").filter((one) => one.kind === kind);
}
