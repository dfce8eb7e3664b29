// SPDX-License-Identifier: Apache-2.0
import type { KindDefinition } from "@flux-ts/kube-core";
import { HELM_GROUP, KUSTOMIZE_GROUP, KUSTOMIZE_SUBSTITUTE, NOTIFICATION_GROUP } from "./metadata.ts";

/** Groups whose definitions hold `${…}` in texts that a Kustomization must not replace. */
const NOT_SUBSTITUTED: readonly string[] = [KUSTOMIZE_GROUP, HELM_GROUP, NOTIFICATION_GROUP];

/** Metadata of a kind's CustomResourceDefinition, besides its name. */
export function definitionMetadata({ group }: KindDefinition): { readonly annotations?: Readonly<Record<string, string>> } {
  return NOT_SUBSTITUTED.includes(group) ? { annotations: { [KUSTOMIZE_SUBSTITUTE]: "disabled" } } : {};
}
