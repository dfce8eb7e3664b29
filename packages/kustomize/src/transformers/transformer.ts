// SPDX-License-Identifier: Apache-2.0
import type { ResourceMap } from "../resource-map.ts";

/** Changes the resources of a build. */
export type Transformer = (resources: ResourceMap) => void;
