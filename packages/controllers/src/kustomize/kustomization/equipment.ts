// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "@flux-ts/kube-core";
import { RemoteClusters } from "@flux-ts/toolkit/remote-cluster";
import { AppliedMemory } from "./applied-memory.ts";
import { BuildMemory } from "./build-memory.ts";
import { ExpressionReader } from "./expressions.ts";
import { COMPONENT } from "./owner.ts";

/** What the reconciles of one manager share. */
export interface Equipment {
  readonly memory: AppliedMemory;
  readonly builds: BuildMemory;
  readonly expressions: ExpressionReader;
  readonly remotes: RemoteClusters;
}

export function createEquipment(clock: Clock, env: Readonly<Record<string, string | undefined>>): Equipment {
  return {
    memory: new AppliedMemory(),
    builds: new BuildMemory(),
    expressions: new ExpressionReader(),
    remotes: new RemoteClusters({ clock, env, userAgent: COMPONENT }),
  };
}
