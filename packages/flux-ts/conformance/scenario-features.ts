// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Scenario {
  readonly name: string;
  readonly area: string;
  readonly steps: readonly Readonly<Record<string, unknown>>[];
  readonly commits?: readonly Readonly<Record<string, unknown>>[];
}

/** Kinds that a later issue brings, with what that is called. The first that a scenario uses is what it waits for. */
const KINDS: Readonly<Record<string, string>> = {
  Bucket: "Bucket sources",
  ExternalArtifact: "ExternalArtifact sources",
  HelmChart: "Helm charts",
  HelmRelease: "Helm releases",
  HelmRepository: "Helm repositories",
  OCIRepository: "OCI sources",
  ImageRepository: "image automation",
  ImagePolicy: "image automation",
  ImageUpdateAutomation: "image automation",
  ArtifactGenerator: "artifact generators",
  Alert: "notifications",
  Provider: "notifications",
  Receiver: "receivers",
};

const FIELDS: readonly (readonly [kind: string, field: string, feature: string])[] = [
  ["GitRepository", "verify", "verification of signatures"],
  ["GitRepository", "provider", "cloud and GitHub App authentication"],
  ["Kustomization", "decryption", "SOPS decryption"],
];

/** Commands of flux that come with their controllers; and those that make an object of a kind above and wait for it, unless they only print it. */
const COMMANDS: readonly (readonly [pattern: RegExp, feature: string])[] = [
  [/^(push|pull|tag|list|diff) artifacts?\b/, "artifacts in registries"],
  [/^debug (helmrelease|hr)\b/, "Helm releases"],
  [/^trigger\b/, "receivers"],
  [/^create (helmrelease|hr)\b(?!.*--export)/, "Helm releases"],
  [/^create source helm\b(?!.*--export)/, "Helm repositories"],
  [/^create source chart\b(?!.*--export)/, "Helm charts"],
  [/^create source oci\b(?!.*--export)/, "OCI sources"],
  [/^create source bucket\b(?!.*--export)/, "Bucket sources"],
  [/^create image\b(?!.*--export)/, "image automation"],
  [/^create receiver\b(?!.*--export)/, "receivers"],
];

/**
 * The feature that a scenario needs and that is not built yet; undefined when it needs none. Tells by the objects that it
 * applies, commits and waits for and by the commands that it calls, never by its name.
 *
 * @param course the folder of the course, whose examples some commands apply
 */
export function waitsFor(scenario: Scenario, course: string): string | undefined {
  for (const object of objectsIn(scenario.steps)) {
    const { kind, spec } = object;
    if (typeof kind !== "string") continue;
    if (Object.hasOwn(KINDS, kind)) return KINDS[kind];
    const fields = (spec ?? {}) as Readonly<Record<string, unknown>>;
    const field = FIELDS.find(([ofKind, name]) => ofKind === kind && fields[name] !== undefined);
    if (field !== undefined) return field[2];
  }
  for (const kind of kindsIn(scenario, course)) if (Object.hasOwn(KINDS, kind)) return KINDS[kind];
  for (const step of scenario.steps) {
    if (Array.isArray(step["snap"]) && step["snap"].some((check) => isRecord(check) && check["sink"] !== undefined)) return "notifications";
    for (const command of fluxCommands(step["sh"])) for (const [pattern, feature] of COMMANDS) if (pattern.test(command)) return feature;
  }
  return undefined;
}

function* objectsIn(steps: Scenario["steps"]): Generator<Readonly<Record<string, unknown>>> {
  for (const { apply } of steps) for (const object of Array.isArray(apply) ? apply : []) if (isRecord(object)) yield object;
}

/** Kinds in manifests that are committed, waited for or applied by a shell. */
function* kindsIn({ commits = [], steps }: Scenario, course: string): Generator<string> {
  for (const commit of [...commits, ...steps.flatMap(({ commit }) => (isRecord(commit) ? [commit] : []))])
    for (const text of Object.values(isRecord(commit["files"]) ? commit["files"] : {})) if (typeof text === "string") yield* kindsOf(text);
  for (const { wait, sh } of steps) {
    if (typeof wait === "string") yield wait.split("/")[0] ?? "";
    if (typeof sh !== "string") continue;
    yield* kindsOf(sh);
    for (const [, name = ""] of sh.matchAll(/\$COURSE\/([\w./-]+\.yaml)/g)) {
      const file = join(course, name);
      // `sed '/^---/,$d'` and `sed '1,/^---/d'` take one of two documents; `^---` in the command tells it.
      if (existsSync(file)) yield* kindsOf(taken(readFileSync(file, "utf8"), sh));
    }
  }
}

function taken(text: string, command: string): string {
  const [first = "", ...rest] = text.split(/^---.*$/m);
  if (command.includes("/^---/,$d")) return first;
  return command.includes("1,/^---/d") ? rest.join("---\n") : text;
}

function* kindsOf(manifests: string): Generator<string> {
  for (const [, kind = ""] of manifests.matchAll(/^kind: *["']?(\w+)/gm)) yield kind;
}

function* fluxCommands(sh: unknown): Generator<string> {
  if (typeof sh !== "string") return;
  for (const [, words = ""] of sh.matchAll(/(?:^|[;&|\n(] *|\w=\S* )flux ([^;&|\n]*)/g)) yield words;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
