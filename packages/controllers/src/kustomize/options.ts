// SPDX-License-Identifier: Apache-2.0
import type { GroupKindSet } from "@flux-ts/toolkit/apply";
import type { Artifacts } from "@flux-ts/toolkit/artifact";
import type { GitClient } from "@flux-ts/toolkit/git";
import type { HttpClient } from "@flux-ts/toolkit/http";

/** Feature gates of the kustomize controller. @see spec §2.3, decisions D-3 and D-8 */
export interface KustomizeFeatures {
  readonly additiveCelDependencyCheck: boolean;
  /** Waiting for health ends when there is something newer to do. */
  readonly cancelHealthCheckOnNewRevision: boolean;
  /** Objects without a namespace go to `default` (D-3, ours). Off: upstream's error. */
  readonly defaultNamespaceFallback: boolean;
  readonly disableFailFastBehavior: boolean;
  readonly externalArtifact: boolean;
  readonly groupChangeLog: boolean;
  readonly migrateApiVersion: boolean;
  /** A tree with ciphertext and no `decryption` fails (D-8, ours). Off: upstream's behaviour. */
  readonly refuseEncrypted: boolean;
  readonly strictPostBuildSubstitutions: boolean;
}

/** What the kustomize controller is run with. @see spec §2.1, §2.2 */
export interface KustomizeOptions {
  readonly artifacts: Artifacts;
  /** `--requeue-dependency` */
  readonly dependencyRequeueMs: number;
  /** `--concurrent-ssa`: requests in flight for one Kustomization. */
  readonly concurrentSsa: number;
  /** `--custom-apply-stage-kinds` */
  readonly customStageKinds: GroupKindSet;
  /** `--override-manager`: field managers that are taken over besides kubectl's. */
  readonly overrideManagers: readonly string[];
  /** `--no-cross-namespace-refs` */
  readonly noCrossNamespaceRefs: boolean;
  /** `--no-remote-bases` */
  readonly noRemoteBases: boolean;
  /** What fetches them. Undefined: they are refused. */
  readonly remoteBases: { readonly git: GitClient; readonly http: HttpClient } | undefined;
  /** `--default-service-account`; `""`: the controller's own identity. */
  readonly defaultServiceAccount: string;
  /** Every so many reconciles everything is checked against the API server, whatever the watches say. 1: always. */
  readonly fullCheckEvery: number;
  /** Of the process: for the proxies by which other clusters are reached. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly features: KustomizeFeatures;
}

/** The defaults of Flux 2.9, and ours. */
export const defaultKustomizeFeatures: KustomizeFeatures = {
  additiveCelDependencyCheck: false,
  cancelHealthCheckOnNewRevision: false,
  defaultNamespaceFallback: true,
  disableFailFastBehavior: false,
  externalArtifact: false,
  groupChangeLog: false,
  migrateApiVersion: false,
  refuseEncrypted: true,
  strictPostBuildSubstitutions: true,
};

export interface KustomizeSettings extends Partial<Omit<KustomizeOptions, "artifacts" | "features">> {
  readonly artifacts: Artifacts;
  readonly features?: Partial<KustomizeFeatures>;
}

/** Options with what is not given at its default. */
export function kustomizeOptions(settings: KustomizeSettings): KustomizeOptions {
  return {
    dependencyRequeueMs: 30_000,
    concurrentSsa: 4,
    customStageKinds: new Set(),
    overrideManagers: [],
    noCrossNamespaceRefs: false,
    noRemoteBases: false,
    remoteBases: undefined,
    defaultServiceAccount: "",
    fullCheckEvery: 6,
    env: {},
    ...settings,
    features: { ...defaultKustomizeFeatures, ...settings.features },
  };
}
