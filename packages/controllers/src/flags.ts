// SPDX-License-Identifier: Apache-2.0
import type { ValuesOfSets } from "@flux-ts/kube-runtime";
import {
  applierFlags,
  booleanFlag,
  choiceFlag,
  controllerFlags,
  durationFlag,
  integerFlag,
  listFlag,
  processFlags,
  stringFlag,
} from "@flux-ts/kube-runtime";

/** The flags of every controller, by component; the empty name holds those of the process. @see spec §2.1–2.3 */
export const fluxFlags = {
  "": processFlags,
  "source-controller": {
    ...controllerFlags({ concurrent: 2, gates: { ObjectLevelWorkloadIdentity: false, CacheSecretsAndConfigMaps: false } }),
    "storage-path": stringFlag("", "Where artifacts are kept; STORAGE_PATH or /data without it."),
    "storage-addr": stringFlag("", "The address that artifacts are served on; STORAGE_ADDR or :9090 without it."),
    "storage-adv-addr": stringFlag("", "The address under which others reach it; STORAGE_ADV_ADDR or the host name without it."),
    "artifact-retention-ttl": durationFlag("60s", "How long an artifact is kept at least after it was replaced."),
    "artifact-retention-records": integerFlag(2, "How many artifacts of an object are kept at most.", { min: 1 }),
    "artifact-digest-algo": choiceFlag(["sha256", "sha384", "sha512"], "sha256", "The algorithm of artifact digests."),
    "ssh-kex-algos": listFlag("Key exchange algorithms of SSH, in order of preference."),
    "ssh-hostkey-algos": listFlag("Host key algorithms of SSH, in order of preference."),
  },
  "kustomize-controller": {
    ...controllerFlags({
      concurrent: 4,
      gates: {
        AdditiveCELDependencyCheck: false,
        CacheSecretsAndConfigMaps: false,
        CancelHealthCheckOnNewRevision: false,
        DefaultNamespaceFallback: true,
        DisableFailFastBehavior: false,
        ExternalArtifact: false,
        GroupChangeLog: false,
        MigrateAPIVersion: false,
        ObjectLevelWorkloadIdentity: false,
        RefuseEncrypted: true,
        StrictPostBuildSubstitutions: true,
      },
    }),
    ...applierFlags,
    "concurrent-ssa": integerFlag(4, "How many objects of one Kustomization are applied at the same time.", { min: 1, max: 256 }),
    "http-retry": integerFlag(9, "How often the download of an artifact is tried again.", { max: 100 }),
    "no-remote-bases": booleanFlag(false, "Refuse bases of other repositories in kustomization files."),
    "custom-apply-stage-kinds": stringFlag("", "Kinds that are applied in a stage of their own, as group/Kind,group/Kind."),
  },
} as const;

export type FluxFlagValues = ValuesOfSets<typeof fluxFlags>;

/** What Flux has and this does not yet: refused by name. */
export const flagsNotBuilt: readonly string[] = [
  "default-decryption-service-account",
  "default-kubeconfig-service-account",
  "graceful-shutdown-timeout",
  "helm-cache-max-size",
  "helm-cache-purge-interval",
  "helm-cache-ttl",
  "helm-chart-file-max-size",
  "helm-chart-max-size",
  "helm-index-max-size",
  "http-timeout",
  "insecure-kubeconfig-exec",
  "insecure-kubeconfig-tls",
  "oom-watch-current-memory-path",
  "oom-watch-interval",
  "oom-watch-max-memory-path",
  "oom-watch-memory-threshold",
  "rate-limit-interval",
  "receiverAddr",
  "snapshot-digest-algo",
  "sops-age-secret",
  "sops-vault-configmap",
  "token-cache-max-duration",
  "token-cache-max-size",
];
