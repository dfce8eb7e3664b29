// SPDX-License-Identifier: Apache-2.0
import type { ResourceDefinition, Strategy, TablePrinter } from "../resource.ts";

/** What a built-in kind adds to its row in the resource table: everything that is code. All parts may be absent. */
export interface KindBehaviour {
  readonly strategy?: Strategy;
  readonly printer?: TablePrinter;
  readonly fieldSelectors?: ResourceDefinition["fieldSelectors"];
  readonly unsupportedFieldLabel?: (label: string) => string;
  readonly deprecation?: string;
  readonly defaultPropagation?: ResourceDefinition["defaultPropagation"];
  readonly storageVersion?: string;
  readonly storageKey?: string;
  readonly convert?: NonNullable<ResourceDefinition["convert"]>;
  readonly scale?: NonNullable<ResourceDefinition["subresources"]["scale"]>;
  readonly resetFields?: ResourceDefinition["resetFields"];
}
