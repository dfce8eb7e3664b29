// SPDX-License-Identifier: Apache-2.0
import { evaluationError } from "../cel-error.ts";
import type { Declaration } from "../functions.ts";
import { overload } from "../functions.ts";

const PACKAGE = "kubernetes.authorization";
const [AUTHORIZER, PATH, GROUP, RESOURCE, DECISION] = ["Authorizer", "PathCheck", "GroupCheck", "ResourceCheck", "Decision"].map(
  (name) => `${PACKAGE}.${name}`,
) as [string, string, string, string, string]; // as many as there are names

/** Nobody is asked: expressions are checked only. */
function absent(): never {
  throw evaluationError("no authorizer is there to ask");
}

/** The names of the types of this library. */
export const AUTHORIZER_TYPES: readonly string[] = [AUTHORIZER, PATH, GROUP, RESOURCE, DECISION];

/** What expressions of admission may ask an authorizer: types only. @see k8s.io/apiserver pkg/cel/library/authz.go */
export const authorizers: readonly Declaration[] = [
  `${AUTHORIZER}.path(string) ${PATH}`,
  `${AUTHORIZER}.group(string) ${GROUP}`,
  `${AUTHORIZER}.serviceAccount(string, string) ${AUTHORIZER}`,
  `${GROUP}.resource(string) ${RESOURCE}`,
  `${RESOURCE}.subresource(string) ${RESOURCE}`,
  `${RESOURCE}.namespace(string) ${RESOURCE}`,
  `${RESOURCE}.name(string) ${RESOURCE}`,
  `${RESOURCE}.fieldSelector(string) ${RESOURCE}`,
  `${RESOURCE}.labelSelector(string) ${RESOURCE}`,
  `${PATH}.check(string) ${DECISION}`,
  `${RESOURCE}.check(string) ${DECISION}`,
  `${DECISION}.errored() bool`,
  `${DECISION}.error() string`,
  `${DECISION}.allowed() bool`,
  `${DECISION}.reason() string`,
].map((signature) => overload(signature, absent));
