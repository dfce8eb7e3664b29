// SPDX-License-Identifier: Apache-2.0
import type { KindDefinition } from "@flux-ts/kube-core";
import { HelmRelease } from "./helm/helm-release.ts";
import { ImagePolicy } from "./image/image-policy.ts";
import { ImageRepository } from "./image/image-repository.ts";
import { ImageUpdateAutomation } from "./image/image-update-automation.ts";
import { Kustomization } from "./kustomize/kustomization.ts";
import { Alert } from "./notification/alert.ts";
import { Provider } from "./notification/provider.ts";
import { Receiver } from "./notification/receiver.ts";
import { ArtifactGenerator } from "./source-extensions/artifact-generator.ts";
import { Bucket } from "./source/bucket.ts";
import { ExternalArtifact } from "./source/external-artifact.ts";
import { GitRepository } from "./source/git-repository.ts";
import { HelmChart } from "./source/helm-chart.ts";
import { HelmRepository } from "./source/helm-repository.ts";
import { OCIRepository } from "./source/oci-repository.ts";

/** Every kind of Flux. */
export const fluxKinds: readonly KindDefinition[] = [
  GitRepository,
  OCIRepository,
  HelmRepository,
  HelmChart,
  Bucket,
  ExternalArtifact,
  Kustomization,
  HelmRelease,
  Alert,
  Provider,
  Receiver,
  ImageRepository,
  ImagePolicy,
  ImageUpdateAutomation,
  ArtifactGenerator,
];
