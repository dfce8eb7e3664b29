// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "../../object.ts";
import type { FieldSet } from "./field-set.ts";
import type { MergeType } from "./merge-type.ts";

/** A version of the API that field managers may have used. */
export interface ApplyVersion {
  readonly type: MergeType;
  /** Paths that requests of this version cannot set (`status`, for the main resource): nobody owns them. */
  readonly resetFields?: FieldSet;
  /** An object of any served version in this one; the object itself when it is in this one. */
  convert(object: KubeObject): KubeObject;
}

/** The version of this name; undefined when it is not served (any more): those who used it own nothing then. */
export type VersionLookup = (apiVersion: string) => ApplyVersion | undefined;
