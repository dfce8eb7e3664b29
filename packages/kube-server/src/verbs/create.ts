// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { answerReview } from "../access/reviews.ts";
import type { Answer } from "../answer/answer.ts";
import { showObject } from "../answer/show.ts";
import { readBody } from "../codec/body.ts";
import { decodeBody } from "../codec/decode-object.ts";
import { trackWrite } from "../managed-fields.ts";
import type { Plane } from "../plane.ts";
import type { RequestContext } from "../request/context.ts";
import { writeOptions } from "../request/write-options.ts";
import type { ResourceDefinition } from "../resource.ts";
import { invalid } from "../status-errors.ts";
import { createObject } from "./create-object.ts";
import type { Write } from "./write.ts";
import { withMetadata, withNamespace, writerOf } from "./write.ts";

export function create(plane: Plane, definition: ResourceDefinition, request: RequestContext): Answer {
  const body = readBody(request, definition.kind, plane.decodeProtobuf);
  const options = writeOptions(request.query, "CreateOptions");
  const write: Write = { plane, definition, request, options, subresource: "" };
  const decoded = withNamespace(write, decodeBody(plane, definition, request, body, options.fieldValidation));
  const review = answerReview(plane, definition, request, decoded);
  if (review && definition.kind === "SelfSubjectReview") return showObject(plane, definition, request, 201, review);
  const tracked = trackWrite(plane, definition, undefined, withoutSystemFields(decoded), writerOf(write));
  if (review && definition.group === "authorization.k8s.io") requireNoMetadata(tracked);
  if (review) return showObject(plane, definition, request, 201, { ...review, metadata: reviewMetadata(definition, tracked) });
  return showObject(plane, definition, request, 201, createObject(write, tracked));
}

/** Reviews are not stored, but who asked is booked; answers about rules show nothing of the question. */
function reviewMetadata(definition: ResourceDefinition, tracked: KubeObject): KubeObject["metadata"] {
  return definition.kind === "SelfSubjectRulesReview" ? {} : tracked.metadata;
}

/** @throws {ApiError} 422 for a review that has a name: nothing is stored under it */
function requireNoMetadata({ metadata }: KubeObject): void {
  const { managedFields: _managedFields, namespace: _namespace, ...rest } = metadata;
  if (Object.keys(rest).length === 0) return;
  throw invalid({ group: "authorization.k8s.io", name: "" }, "", [
    { type: "FieldValueInvalid", field: "metadata", value: metadata, detail: "must be empty" },
  ]);
}

/** What a client may not say of a new object. @see apiserver registry/rest WipeObjectMetaSystemFields */
function withoutSystemFields(object: KubeObject): KubeObject {
  return withMetadata(object, {
    managedFields: undefined,
    creationTimestamp: undefined,
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
    selfLink: undefined,
  });
}
