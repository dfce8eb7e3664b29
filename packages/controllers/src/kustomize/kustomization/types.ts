// SPDX-License-Identifier: Apache-2.0
import type { Kustomization } from "@flux-ts/flux-api";
import type { Context } from "@flux-ts/kube-runtime";
import type { KustomizeOptions } from "../options.ts";

/** What the functions of this folder are given. */
export type KustomizationContext = Context<typeof Kustomization, KustomizeOptions>;
