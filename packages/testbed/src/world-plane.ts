// SPDX-License-Identifier: Apache-2.0
import type { Clock, Transport } from "@flux-ts/kube-core";
import { createApiServer, startControlPlane, type ApiServer, type PlaneLevel, type PodRule } from "@flux-ts/kube-server";

/** The cluster that a world stands on. */
export interface WorldPlane {
  /** As an administrator. */
  readonly transport: Transport;
  /** The server, where it is in this process. */
  readonly server: ApiServer | undefined;
  /** Resolves once nothing happens in it until time passes. */
  idle(): Promise<void>;
  readonly isIdle: boolean;
  stop(): Promise<void>;
}

export interface EmbeddedPlaneOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly level: PlaneLevel;
  readonly podRules?: readonly PodRule[];
}

/** An API server and its controllers in this process, on the clock of the test. */
export async function embeddedPlane({ clock, random, level, podRules }: EmbeddedPlaneOptions): Promise<WorldPlane> {
  const server = createApiServer({ clock, random });
  const plane = await startControlPlane(server, { level, ...(podRules === undefined ? {} : { podRules }) });
  return {
    transport: server.transport,
    server,
    idle: () => plane.idle(),
    get isIdle() {
      return plane.isIdle;
    },
    async stop() {
      await plane.stop();
      server.close();
    },
  };
}
