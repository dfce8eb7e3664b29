// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";

/** Fills in what a value of one type lacks. Its parts have theirs already. Returns the value itself when it lacks nothing. */
export type TypeDefault = (value: JsonObject) => JsonObject;
