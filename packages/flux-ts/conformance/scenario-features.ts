// SPDX-License-Identifier: Apache-2.0

export interface Scenario {
  readonly name: string;
  readonly area: string;
  readonly steps: readonly Readonly<Record<string, unknown>>[];
}

/** Fields and kinds that a later issue brings, with what it is called. The first that a scenario's objects use is what it waits for. */
const KINDS: Readonly<Record<string, string>> = {
  Bucket: "Bucket sources",
  ExternalArtifact: "ExternalArtifact sources",
  HelmChart: "Helm charts",
  HelmRelease: "Helm releases",
  HelmRepository: "Helm repositories",
  OCIRepository: "OCI sources",
  Alert: "notifications",
  Provider: "notifications",
  Receiver: "receivers",
};

const FIELDS: readonly (readonly [kind: string, field: string, feature: string])[] = [
  ["GitRepository", "verify", "verification of signatures"],
  ["GitRepository", "provider", "cloud and GitHub App authentication"],
  ["Kustomization", "decryption", "SOPS decryption"],
];

/** The feature that a scenario needs and that is not built yet; undefined when it needs none. Tells by what it applies, never by its name. */
export function waitsFor(scenario: Scenario): string | undefined {
  for (const object of objectsIn(scenario.steps)) {
    const { kind, spec } = object;
    if (typeof kind !== "string") continue;
    if (Object.hasOwn(KINDS, kind)) return KINDS[kind];
    const fields = (spec ?? {}) as Readonly<Record<string, unknown>>;
    const field = FIELDS.find(([ofKind, name]) => ofKind === kind && fields[name] !== undefined);
    if (field !== undefined) return field[2];
  }
  return undefined;
}

function* objectsIn(steps: Scenario["steps"]): Generator<Readonly<Record<string, unknown>>> {
  for (const { apply } of steps) {
    for (const object of Array.isArray(apply) ? apply : [])
      if (typeof object === "object" && object !== null) yield object as Record<string, unknown>;
  }
}
