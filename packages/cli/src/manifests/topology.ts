// SPDX-License-Identifier: Apache-2.0

/** `split`: a Deployment for each controller. `single`: one for all of them, under the same Services. */
export const TOPOLOGIES = ["split", "single"] as const;
export type Topology = (typeof TOPOLOGIES)[number];
