// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "@flux-ts/kube-core";
import type { ProtobufDecoder } from "./codec/body.ts";
import type { Encoder } from "./codec/encoder.ts";
import type { MergeTypes } from "./managed-fields.ts";
import type { Registry, Views } from "./registry.ts";
import type { Authorizer } from "./access/authorizer.ts";
import type { ServiceAccountTokens } from "./access/service-account-tokens.ts";
import type { ValidatingPolicies } from "./admission/validating-policy.ts";
import type { Answer } from "./answer/answer.ts";
import type { RequestContext } from "./request/context.ts";
import type { ResourceDefinition, StrategyContext } from "./resource.ts";
import type { RevisionStore } from "./store/revision-store.ts";

/** What the verbs work on: one API server's insides. */
export interface Plane {
  readonly clock: Clock;
  /** 0 (included) to 1 (excluded). */
  readonly random: () => number;
  readonly store: RevisionStore;
  readonly registry: Registry;
  readonly views: Views;
  readonly encoder: Encoder;
  readonly mergeTypes: MergeTypes;
  readonly authorizer: Authorizer;
  readonly tokens: ServiceAccountTokens;
  readonly policies: ValidatingPolicies;
  /** Code for subresources such as `pods/log`, beyond what the server has itself. */
  readonly subresources: ReadonlyMap<string, SubresourceHandler>;
  readonly decodeProtobuf: ProtobufDecoder;
  /** What strategies may look at, as of now. */
  strategyContext(): StrategyContext;
}

/** Answers for one subresource. @throws {ApiError} */
export type SubresourceHandler = (plane: Plane, definition: ResourceDefinition, request: RequestContext) => Answer;

/** A random UID. @see RFC 9562, version 4 */
export function newUid(random: () => number): string {
  const hex = (digits: number): string => {
    let text = "";
    for (let index = 0; index < digits; index++) text += Math.floor(random() * 16).toString(16);
    return text;
  };
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${"89ab"[Math.floor(random() * 4)] ?? "8"}${hex(3)}-${hex(12)}`;
}

/** Without vowels and look-alikes. @see apimachinery util/rand */
const SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
const MAX_GENERATE_NAME = 58;

/** The name that a `generateName` becomes. */
export function newName(base: string, random: () => number): string {
  let suffix = "";
  for (let index = 0; index < 5; index++) suffix += SUFFIX_LETTERS[Math.floor(random() * SUFFIX_LETTERS.length)] ?? "b";
  return base.slice(0, MAX_GENERATE_NAME) + suffix;
}
