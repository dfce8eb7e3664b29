// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CaseResult, Suite, SuiteOptions } from "@flux-ts/testbed";
import { isJsonObject, parseYaml, toCustomResourceDefinition } from "@flux-ts/kube-core";
import { validateCustomResourceDefinition } from "@flux-ts/kube-core";
import { ruleCompiler } from "@flux-ts/kube-core/cel";
import { fluxKinds } from "../src/index.ts";
import { definitionMetadata } from "../src/definition-metadata.ts";
import { differentVersions } from "./definitions.differences.ts";
import { knownFailures } from "./definitions.known-failures.ts";

/**
 * The CustomResourceDefinition of every kind, compared with Flux's, and validated as the API server does: types, required
 * fields, patterns, enums, defaults, rules in CEL, columns, subresources, names, short names, categories and scope are all in
 * the whole that is compared. Not compared, because ours are meant to differ: the descriptions, which are our own words, and
 * the annotation of the generator. Older versions that Flux no longer serves are listed, each with its reason.
 */
export const suite: Suite = {
  name: "definitions",
  knownFailures,
  present: (folder) => existsSync(join(folder, "crds")),
  run(folder: string, tell: (result: CaseResult) => void, { filter }: SuiteOptions): Promise<void> {
    const files = readdirSync(join(folder, "crds")).filter((file) => file.endsWith(".yaml"));
    const theirs = new Map(files.map((file) => readDefinition(join(folder, "crds", file))));
    const ours = new Map(fluxKinds.map((kind) => [kind.kind, toCustomResourceDefinition(kind, definitionMetadata(kind)) as unknown]));
    const kinds = [...new Set([...theirs.keys(), ...ours.keys()])].toSorted();
    const check = (name: string, area: string, problems: readonly string[]): void => {
      if (filter?.test(name) === false) return;
      tell({ name, area, ...(problems.length === 0 ? { outcome: "passed" } : { outcome: "failed", detail: problems.join("; ") }) });
    };
    for (const kind of kinds) {
      check(`${kind}/same`, "same", differences(comparable(ours.get(kind)), comparable(theirs.get(kind)), ""));
      check(`${kind}/versions`, "versions", versionProblems(kind, ours.get(kind), theirs.get(kind)));
      const errors = validateCustomResourceDefinition(ours.get(kind), { rules: ruleCompiler });
      check(
        `${kind}/valid`,
        "valid",
        errors.map(({ field, detail }) => `${field}: ${detail}`),
      );
    }
    return Promise.resolve();
  },
};

function readDefinition(file: string): readonly [string, unknown] {
  const definition = parseYaml(readFileSync(file, "utf8")) as { readonly spec: { readonly names: { readonly kind: string } } };
  return [definition.spec.names.kind, definition];
}

interface Version {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
}

/** Versions that only one side serves, but for those that differ on purpose; and a storage version that is another. */
function versionProblems(kind: string, ours: unknown, theirs: unknown): readonly string[] {
  const [own, wanted] = [versionsOf(ours), versionsOf(theirs)];
  const missing = wanted.filter(({ name }) => !own.some((version) => version.name === name)).map(({ name }) => `${name} is not served`);
  const others = own.filter(({ name }) => !wanted.some((version) => version.name === name));
  const unexplained = others
    .filter(({ name }) => !Object.hasOwn(differentVersions, `${kind}/${name}`))
    .map(({ name }) => `${name} is not served by Flux, and no reason is given`);
  const wrong = others
    .filter(({ served, storage, deprecated }) => !served || storage || deprecated !== true)
    .map(({ name }) => `${name} must be served, deprecated, and not stored`);
  const gone = Object.keys(differentVersions)
    .filter((key) => key.startsWith(`${kind}/`) && !others.some(({ name }) => key === `${kind}/${name}`))
    .map((key) => `${key} is listed as a difference, and is none`);
  return [...missing, ...unexplained, ...wrong, ...gone];
}

function versionsOf(definition: unknown): readonly Version[] {
  // Both are definitions: ours are made as such, theirs are read from Flux's manifests.
  return (definition as { readonly spec: { readonly versions: readonly Version[] } } | undefined)?.spec.versions ?? [];
}

/** What of a definition must be the same. */
function comparable(definition: unknown): unknown {
  if (!isJsonObject(definition)) return undefined;
  const { metadata, spec } = definition as {
    readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
    readonly spec: { readonly versions: readonly { readonly storage: boolean }[] };
  };
  const { "controller-gen.kubebuilder.io/version": _, ...annotations } = metadata.annotations ?? {};
  const versions = spec.versions.filter(({ storage }) => storage);
  return withoutDescriptions({ name: metadata.name, annotations, spec: { ...spec, versions } });
}

/** A description that is a text; a field of that name is a schema. */
function withoutDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescriptions);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).filter(([key, item]) => key !== "description" || typeof item !== "string");
  return Object.fromEntries(
    entries.map(([key, item]) => [
      key,
      key === "required" && Array.isArray(item) ? (item as readonly string[]).toSorted() : withoutDescriptions(item),
    ]),
  );
}

function differences(ours: unknown, theirs: unknown, path: string): readonly string[] {
  if (Array.isArray(ours) && Array.isArray(theirs) && ours.length === theirs.length) {
    return ours.flatMap((item, index) => differences(item, theirs[index], `${path}[${index}]`));
  }
  if (isJsonObject(ours) && isJsonObject(theirs)) {
    const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
    return keys.flatMap((key) => differences(ours[key], theirs[key], `${path}.${key}`));
  }
  return JSON.stringify(ours) === JSON.stringify(theirs) ? [] : [`${path}: ours ${shorten(ours)}, Flux's ${shorten(theirs)}`];
}

function shorten(value: unknown): string {
  return (JSON.stringify(value) ?? "absent").slice(0, 120);
}
