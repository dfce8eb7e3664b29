// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import type { Transport } from "@flux-ts/kube-core";
import { connect, ownKubeconfig, parseKubeconfig, selectFrom, systemClock } from "@flux-ts/kube-client";
import type { PlaneLevel } from "@flux-ts/kube-server";

/** `FLUX_TS_TEST_CLUSTER_NODES=/path/of/kubeconfig` */
const VARIABLE = "FLUX_TS_TEST_CLUSTER_";

/**
 * The cluster that tests are to stand on rather than the embedded one, as `npm run test:kubernetes` names it in the environment; undefined when
 * it names none. For `createWorld({ cluster })`.
 *
 * @param level what must run beside its API server
 */
export async function clusterUnderTest(level: PlaneLevel = "none"): Promise<Transport | undefined> {
  const path = process.env[VARIABLE + level.toUpperCase()];
  if (path === undefined) return undefined;
  const selected = selectFrom(parseKubeconfig(readFileSync(path, "utf8"), path), {});
  return connect(selected, { clock: systemClock(), trust: ownKubeconfig, env: {} });
}
