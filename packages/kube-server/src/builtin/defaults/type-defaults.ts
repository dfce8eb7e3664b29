// SPDX-License-Identifier: Apache-2.0
import { apiextensionsDefaults } from "./apiextensions.ts";
import { coreDefaults } from "./core.ts";
import { otherDefaults } from "./other-groups.ts";
import type { TypeDefault } from "./type-default.ts";
import { workloadDefaults } from "./workloads.ts";

/** The defaults of each type of the type table that has any, by its name. */
export const TYPE_DEFAULTS: ReadonlyMap<string, TypeDefault> = new Map(
  Object.entries({ ...coreDefaults, ...workloadDefaults, ...otherDefaults, ...apiextensionsDefaults }),
);
