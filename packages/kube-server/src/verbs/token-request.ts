// SPDX-License-Identifier: Apache-2.0
import type { FieldError, KubeObject } from "@flux-ts/kube-core";
import { toTimestamp } from "@flux-ts/kube-core";
import type { BoundObject } from "../access/service-account-tokens.ts";
import type { Answer } from "../answer/answer.ts";
import { readBody } from "../codec/body.ts";
import { decodeBody } from "../codec/decode-object.ts";
import { trackWrite } from "../managed-fields.ts";
import type { Plane } from "../plane.ts";
import { newUid } from "../plane.ts";
import type { RequestContext } from "../request/context.ts";
import { writeOptions } from "../request/write-options.ts";
import type { ResourceDefinition } from "../resource.ts";
import { badRequest, conflict, failure, invalid, methodNotAllowed, notFound } from "../status-errors.ts";
import { requireObject } from "./get.ts";
import { virtualDefinition } from "./virtual-definition.ts";
import type { Write } from "./write.ts";
import { withNamespace, writerOf } from "./write.ts";

interface TokenSpec {
  readonly audiences?: readonly string[] | null;
  readonly expirationSeconds?: number | null;
  readonly boundObjectRef?: { readonly kind?: string; readonly apiVersion?: string; readonly name?: string; readonly uid?: string } | null;
}

const DEFAULT_SECONDS = 3600;
const MIN_SECONDS = 600;
const MAX_SECONDS = 2 ** 32;

/** Makes a token for a service account. @see kubernetes registry/core/serviceaccount TokenREST */
export function serveTokenRequest(plane: Plane, accounts: ResourceDefinition, request: RequestContext): Answer {
  const { info } = request;
  if (info.verb !== "create") throw methodNotAllowed();
  if (!plane.tokens.canSign)
    throw failure(501, "NotImplemented", "This control plane has no key to sign tokens of service accounts with", {});
  const definition = virtualDefinition("authentication.k8s.io", "v1", "TokenRequest", {
    metadata: {},
    spec: { audiences: null, expirationSeconds: null, boundObjectRef: null },
    status: { token: "", expirationTimestamp: null },
  });
  const options = writeOptions(request.query, "CreateOptions");
  const write: Write = { plane, definition, request, options, subresource: "token" };
  const body = readBody(request, "TokenRequest", plane.decodeProtobuf);
  const decoded = withNamespace(write, decodeBody(plane, definition, request, body, options.fieldValidation));
  const given = (decoded["spec"] ?? {}) as TokenSpec; // decoded as one
  if (decoded.metadata.name && decoded.metadata.name !== info.name) {
    throw badRequest(`the service account name on the url does not match the name in the object: ${info.name}`);
  }
  const seconds = given.expirationSeconds ?? DEFAULT_SECONDS;
  const spec = { ...given, expirationSeconds: seconds };
  const tracked = trackWrite(plane, definition, undefined, { ...decoded, spec }, writerOf(write));
  const account = requireObject(plane, accounts, info.namespace, info.name);
  requireSeconds(seconds);
  const bound = given.boundObjectRef ? requireBound(plane, info.namespace, given.boundObjectRef) : undefined;
  const audiences = given.audiences ?? [];
  const { token, expiresAt } = plane.tokens.issue(account, audiences, seconds, newUid(plane.random), bound);
  const object: KubeObject = {
    kind: definition.kind,
    apiVersion: "authentication.k8s.io/v1",
    metadata: {
      name: info.name,
      namespace: info.namespace,
      uid: account.metadata.uid ?? "",
      creationTimestamp: toTimestamp(plane.clock.now()),
      ...(tracked.metadata.managedFields ? { managedFields: tracked.metadata.managedFields } : {}),
    },
    spec: { ...spec, audiences: audiences.length > 0 ? audiences : [plane.tokens.issuer], boundObjectRef: given.boundObjectRef ?? null },
    status: { token, expirationTimestamp: toTimestamp(expiresAt) },
  };
  return { status: 201, object };
}

function requireSeconds(seconds: number): void {
  const detail =
    seconds < MIN_SECONDS
      ? "may not specify a duration less than 10 minutes"
      : seconds > MAX_SECONDS
        ? "may not specify a duration larger than 2^32 seconds"
        : undefined;
  if (detail === undefined) return;
  const error: FieldError = { type: "FieldValueInvalid", field: "spec.expirationSeconds", value: seconds, detail };
  throw invalid({ group: "authentication.k8s.io", name: "TokenRequest" }, "", [error]);
}

function requireBound(plane: Plane, namespace: string, reference: NonNullable<TokenSpec["boundObjectRef"]>): BoundObject {
  const { kind = "", name = "", uid = "" } = reference;
  const resource = kind === "Pod" ? "pods" : kind === "Secret" ? "secrets" : undefined;
  if (!resource) throw badRequest(`cannot bind token to object of type /${reference.apiVersion ?? ""}, Kind=${kind}`);
  const stored = plane.store.get(resource, `${namespace}/${name}`);
  if (!stored) throw notFound({ group: "", name: resource }, name);
  if (uid && uid !== stored.metadata.uid) {
    throw conflict(
      { group: "", name: resource },
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  return { kind, name, uid: stored.metadata.uid ?? "" };
}
