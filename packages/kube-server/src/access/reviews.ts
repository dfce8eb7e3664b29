// SPDX-License-Identifier: Apache-2.0
import type { FieldError, Identity, KubeObject } from "@flux-ts/kube-core";
import { toTimestamp } from "@flux-ts/kube-core";
import type { Plane } from "../plane.ts";
import type { RequestContext } from "../request/context.ts";
import type { ResourceDefinition } from "../resource.ts";
import { badRequest, invalid } from "../status-errors.ts";
import type { Attributes } from "./attributes.ts";
import type { Decision } from "./authorizer.ts";

interface AccessSpec {
  readonly user?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  readonly resourceAttributes?: {
    readonly namespace?: string;
    readonly verb?: string;
    readonly group?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly name?: string;
  };
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
}

/** Answers a review: an object that is created only to be answered. Undefined for resources that are no reviews. */
export function answerReview(
  plane: Plane,
  definition: ResourceDefinition,
  request: RequestContext,
  review: KubeObject,
): KubeObject | undefined {
  switch (`${definition.group}/${definition.kind}`) {
    case "authorization.k8s.io/SelfSubjectAccessReview":
      return accessReview(plane, review, request.identity);
    case "authorization.k8s.io/SubjectAccessReview":
      return accessReview(plane, review, undefined);
    case "authorization.k8s.io/LocalSubjectAccessReview":
      return localAccessReview(plane, review, request.info.namespace);
    case "authorization.k8s.io/SelfSubjectRulesReview":
      return rulesReview(plane, review, request.identity);
    case "authentication.k8s.io/SelfSubjectReview":
      return {
        ...review,
        metadata: { creationTimestamp: toTimestamp(plane.clock.now()) },
        status: { userInfo: userInfo(request.identity) },
      };
    case "authentication.k8s.io/TokenReview":
      return tokenReview(plane, review);
    default:
      return undefined;
  }
}

function accessReview(plane: Plane, review: KubeObject, self: Identity | undefined): KubeObject {
  const spec = (review["spec"] ?? {}) as AccessSpec; // decoded as a review
  const errors: FieldError[] = [];
  if (spec.resourceAttributes && spec.nonResourceAttributes) {
    const { path = "", verb = "" } = spec.nonResourceAttributes;
    errors.push({
      type: "FieldValueInvalid",
      field: "spec.nonResourceAttributes",
      value: { Path: path, Verb: verb },
      detail: "cannot be specified in combination with resourceAttributes",
    });
  }
  if (!spec.resourceAttributes && !spec.nonResourceAttributes) {
    errors.push({
      type: "FieldValueInvalid",
      field: "spec.resourceAttributes",
      detail: "exactly one of nonResourceAttributes or resourceAttributes must be specified",
    });
  }
  if (!self && !spec.user && (spec.groups ?? []).length === 0) {
    errors.push({ type: "FieldValueInvalid", field: "spec.user", value: "", detail: "at least one of user or group must be specified" });
  }
  if (errors.length > 0) throw invalid({ group: "authorization.k8s.io", name: "" }, "", errors);
  const identity = self ?? { user: spec.user ?? "", groups: spec.groups ?? [] };
  return { ...review, status: statusOf(plane.authorizer.decide(attributesOf(spec, identity))) };
}

function statusOf({ isAllowed, reason }: Decision): object {
  return { allowed: isAllowed, ...(reason ? { reason } : {}) };
}

function attributesOf({ resourceAttributes, nonResourceAttributes }: AccessSpec, identity: Identity): Attributes {
  if (!resourceAttributes) {
    return { kind: "path", identity, verb: nonResourceAttributes?.verb ?? "", path: nonResourceAttributes?.path ?? "" };
  }
  const { namespace = "", verb = "", group = "", resource = "", subresource = "", name = "" } = resourceAttributes;
  return { kind: "resource", identity, verb, namespace, group, resource, subresource, name };
}

function localAccessReview(plane: Plane, review: KubeObject, namespace: string): KubeObject {
  const spec = (review["spec"] ?? {}) as AccessSpec; // decoded as a review
  if (spec.nonResourceAttributes || !spec.resourceAttributes) {
    const error: FieldError = spec.nonResourceAttributes
      ? {
          type: "FieldValueInvalid",
          field: "spec.nonResourceAttributes",
          value: spec.nonResourceAttributes,
          detail: "disallowed on this kind of request",
        }
      : {
          type: "FieldValueInvalid",
          field: "spec.resourceAttributes",
          detail: "exactly one of nonResourceAttributes or resourceAttributes must be specified",
        };
    throw invalid({ group: "authorization.k8s.io", name: "" }, "", [error]);
  }
  if (spec.resourceAttributes.namespace !== namespace) {
    const value = spec.resourceAttributes.namespace ?? "";
    const error: FieldError = {
      type: "FieldValueInvalid",
      field: "spec.resourceAttributes.namespace",
      value,
      detail: "must match metadata.namespace",
    };
    throw invalid({ group: "authorization.k8s.io", name: "" }, "", [error]);
  }
  return accessReview(plane, review, undefined);
}

function rulesReview(plane: Plane, review: KubeObject, identity: Identity): KubeObject {
  const { namespace = "" } = (review["spec"] ?? {}) as { readonly namespace?: string }; // decoded as a review
  if (namespace === "") throw badRequest("no namespace on request");
  const { rules, problems } = plane.authorizer.rulesOf(identity, namespace);
  const resourceRules = rules
    .filter((rule) => (rule.resources ?? []).length > 0)
    .map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      apiGroups,
      resources,
      ...(resourceNames ? { resourceNames } : {}),
    }));
  const nonResourceRules = rules
    .filter((rule) => (rule.nonResourceURLs ?? []).length > 0)
    .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }));
  return {
    ...review,
    metadata: {},
    spec: {},
    status: {
      resourceRules,
      nonResourceRules,
      incomplete: false,
      ...(problems.length === 0 ? {} : { evaluationError: problems.length === 1 ? problems[0] : `[${problems.join(", ")}]` }),
    },
  };
}

function tokenReview(plane: Plane, review: KubeObject): KubeObject {
  const { token = "", audiences } = (review["spec"] ?? {}) as { readonly token?: string; readonly audiences?: readonly string[] }; // decoded as a review
  if (token === "") throw badRequest("token is required for TokenReview in authentication");
  const found = plane.tokens.authenticate(token, audiences);
  if (!found.identity) return { ...review, status: { user: {}, ...(found.error ? { error: found.error } : {}) } };
  return { ...review, status: { authenticated: true, user: userInfo(found.identity), audiences: found.audiences } };
}

function userInfo({ user, uid, groups, extra }: Identity): object {
  return {
    username: user,
    ...(uid ? { uid } : {}),
    ...(groups && groups.length > 0 ? { groups } : {}),
    ...(extra && Object.keys(extra).length > 0 ? { extra } : {}),
  };
}
