// SPDX-License-Identifier: Apache-2.0
import type { KindDefinition } from "@flux-ts/kube-core";
import { Kustomization } from "./kustomize/kustomization.ts";
import { GitRepository } from "./source/git-repository.ts";

/** Every kind of Flux. */
export const fluxKinds: readonly KindDefinition[] = [GitRepository, Kustomization];
