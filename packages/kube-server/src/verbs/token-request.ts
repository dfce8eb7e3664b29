// SPDX-License-Identifier: Apache-2.0
import type { FieldError, KubeObject } from "@flux-ts/kube-core";
import { toTimestamp } from "@flux-ts/kube-core";
import type { BoundObject } from "../access/service-account-tokens.ts";
import type { Answer } from "../answer/answer.ts";
import { readBody } from "../codec/body.ts";
import type { Plane } from "../plane.ts";
import { newUid } from "../plane.ts";
import type { RequestContext } from "../request/context.ts";
import type { ResourceDefinition } from "../resource.ts";
import { badRequest, conflict, invalid, methodNotAllowed, notFound } from "../status-errors.ts";
import { requireObject } from "./get.ts";

interface TokenSpec {
  readonly audiences?: readonly string[];
  readonly expirationSeconds?: number;
  readonly boundObjectRef?: { readonly kind?: string; readonly apiVersion?: string; readonly name?: string; readonly uid?: string };
}

const DEFAULT_SECONDS = 3600;
const MIN_SECONDS = 600;

/** Makes a token for a service account. @see kubernetes registry/core/serviceaccount TokenREST */
export function serveTokenRequest(plane: Plane, definition: ResourceDefinition, request: RequestContext): Answer {
  const { info } = request;
  if (info.verb !== "create") throw methodNotAllowed();
  const { value } = readBody(request, "TokenRequest", plane.decodeProtobuf);
  const given = (value ?? {}) as { readonly metadata?: { readonly name?: string; readonly namespace?: string }; readonly spec?: TokenSpec };
  if (given.metadata?.name && given.metadata.name !== info.name) {
    throw badRequest(`the service account name on the url does not match the name in the object: ${info.name}`);
  }
  const account = requireObject(plane, definition, info.namespace, info.name);
  const { audiences = [], expirationSeconds = DEFAULT_SECONDS, boundObjectRef } = given.spec ?? {};
  if (expirationSeconds < MIN_SECONDS) {
    const error: FieldError = {
      type: "FieldValueInvalid",
      field: "spec.expirationSeconds",
      value: expirationSeconds,
      detail: "may not specify a duration less than 10 minutes",
    };
    throw invalid({ group: "authentication.k8s.io", name: "TokenRequest" }, info.name, [error]);
  }
  const bound = boundObjectRef ? requireBound(plane, info.namespace, boundObjectRef) : undefined;
  const { token, expiresAt } = plane.tokens.issue(account, audiences, expirationSeconds, newUid(plane.random), bound);
  const answer: KubeObject = {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name: info.name, namespace: info.namespace, creationTimestamp: toTimestamp(plane.clock.now()) },
    spec: {
      audiences: audiences.length > 0 ? audiences : [plane.tokens.issuer],
      expirationSeconds,
      boundObjectRef: boundObjectRef ?? null,
    },
    status: { token, expirationTimestamp: toTimestamp(expiresAt) },
  };
  return { status: 201, object: answer };
}

function requireBound(plane: Plane, namespace: string, reference: NonNullable<TokenSpec["boundObjectRef"]>): BoundObject {
  const { kind = "", name = "", uid = "" } = reference;
  const resource = kind === "Pod" ? "pods" : kind === "Secret" ? "secrets" : undefined;
  if (!resource) throw badRequest(`cannot bind token for serviceaccount to object of type ${reference.apiVersion ?? ""}, Kind=${kind}`);
  const stored = plane.store.get(resource, `${namespace}/${name}`);
  if (!stored) throw notFound({ group: "", name: resource }, name);
  if (uid && uid !== stored.metadata.uid) {
    throw conflict({ group: "", name: resource }, name, `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`);
  }
  return { kind, name, uid: stored.metadata.uid ?? "" };
}
