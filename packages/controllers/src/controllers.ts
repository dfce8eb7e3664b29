// SPDX-License-Identifier: Apache-2.0
import type { ConfiguredController, ControllerSettings } from "@flux-ts/kube-runtime";
import { configure } from "@flux-ts/kube-runtime";
import { parseGroupKinds } from "@flux-ts/toolkit/apply";
import type { ArtifactStorage, Artifacts } from "@flux-ts/toolkit/artifact";
import type { GitClient } from "@flux-ts/toolkit/git";
import { createHttpClient } from "@flux-ts/toolkit/http";
import type { FluxFlagValues } from "./flags.ts";
import { kustomizationController } from "./kustomize/kustomization/controller.ts";
import { kustomizeOptions } from "./kustomize/options.ts";

import { gitRepositories } from "./source/git-repository/controller.ts";

/** What controllers need from outside besides a cluster. */
export interface ControllerPorts {
  readonly storage: ArtifactStorage;
  readonly git: GitClient;
  readonly artifacts: Artifacts;
  /** `RUNTIME_NAMESPACE`: the only namespace watched when `--watch-all-namespaces=false`. */
  readonly runtimeNamespace: string;
  /** Of the process, for proxies. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Every controller with its options: the table of contents of this package. @throws {Error} for a flag whose value makes no sense */
export function fluxControllers(values: FluxFlagValues, ports: ControllerPorts): readonly ConfiguredController[] {
  const { storage, git, artifacts, runtimeNamespace, env = {} } = ports;
  const source = values["source-controller"];
  const kustomize = values["kustomize-controller"];
  const gates = kustomize["feature-gates"];
  return [
    configure(gitRepositories, { storage, git, requeueDependencyMs: source["requeue-dependency"] }, settingsOf(source, runtimeNamespace)),
    configure(
      kustomizationController(),
      kustomizeOptions({
        artifacts,
        dependencyRequeueMs: kustomize["requeue-dependency"],
        concurrentSsa: kustomize["concurrent-ssa"],
        customStageKinds: parseGroupKinds(kustomize["custom-apply-stage-kinds"]),
        overrideManagers: kustomize["override-manager"],
        noCrossNamespaceRefs: kustomize["no-cross-namespace-refs"],
        noRemoteBases: kustomize["no-remote-bases"],
        remoteBases: { git, http: createHttpClient() },
        env,
        defaultServiceAccount: kustomize["default-service-account"],
        features: {
          additiveCelDependencyCheck: gates.AdditiveCELDependencyCheck,
          cancelHealthCheckOnNewRevision: gates.CancelHealthCheckOnNewRevision,
          defaultNamespaceFallback: gates.DefaultNamespaceFallback,
          disableFailFastBehavior: gates.DisableFailFastBehavior,
          externalArtifact: gates.ExternalArtifact,
          groupChangeLog: gates.GroupChangeLog,
          migrateApiVersion: gates.MigrateAPIVersion,
          refuseEncrypted: gates.RefuseEncrypted,
          strictPostBuildSubstitutions: gates.StrictPostBuildSubstitutions,
        },
      }),
      settingsOf(kustomize, runtimeNamespace),
    ),
  ];
}

function settingsOf(values: FluxFlagValues["source-controller" | "kustomize-controller"], runtimeNamespace: string): ControllerSettings {
  return {
    concurrent: values.concurrent,
    minRetryDelayMs: values["min-retry-delay"],
    maxRetryDelayMs: values["max-retry-delay"],
    intervalJitterPercent: values["interval-jitter-percentage"],
    ...(values["watch-label-selector"] === "" ? {} : { labelSelector: values["watch-label-selector"] }),
    ...(values["watch-all-namespaces"] ? {} : { namespace: runtimeNamespace }),
  };
}
