// SPDX-License-Identifier: Apache-2.0
import type { FieldError, KubeStatus, StatusCause } from "@flux-ts/kube-core";
import { ApiError, fieldErrorCause, fieldErrorMessage } from "@flux-ts/kube-core";

/** Group and plural of a resource, or group and kind, as messages print them. */
export interface GroupAndName {
  readonly group: string;
  readonly name: string;
}

type Details = NonNullable<KubeStatus["details"]>;

/** A failure as the API server words it. @see apimachinery api/errors */
export function failure(code: number, reason: string | undefined, message: string, details?: Details): ApiError {
  return new ApiError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  });
}

/** `deployments.apps`, `configmaps`. */
export function qualified({ group, name }: GroupAndName): string {
  return group === "" ? name : `${name}.${group}`;
}

function detailsOf(of: GroupAndName, name: string): Details {
  return {
    ...(name === "" ? {} : { name }),
    ...(of.group === "" ? {} : { group: of.group }),
    ...(of.name === "" ? {} : { kind: of.name }),
  };
}

export function notFound(resource: GroupAndName, name: string): ApiError {
  return failure(404, "NotFound", `${qualified(resource)} ${quote(name)} not found`, detailsOf(resource, name));
}

/** For a path that nothing serves. */
export function noSuchPath(): ApiError {
  return failure(404, "NotFound", "the server could not find the requested resource", {});
}

export function alreadyExists(resource: GroupAndName, name: string): ApiError {
  return failure(409, "AlreadyExists", `${qualified(resource)} ${quote(name)} already exists`, detailsOf(resource, name));
}

export function conflict(resource: GroupAndName, name: string, why: string): ApiError {
  return failure(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${qualified(resource)} ${quote(name)}: ${why}`,
    detailsOf(resource, name),
  );
}

export function staleWrite(resource: GroupAndName, name: string): ApiError {
  return conflict(resource, name, "the object has been modified; please apply your changes to the latest version and try again");
}

export function invalid(kind: GroupAndName, name: string, errors: readonly FieldError[]): ApiError {
  const texts = [...new Set(errors.map(fieldErrorMessage))];
  const what = texts.length === 0 ? "" : texts.length === 1 ? `: ${texts[0]}` : `: [${texts.join(", ")}]`;
  return failure(422, "Invalid", `${qualified(kind)} ${quote(name)} is invalid${what}`, {
    ...detailsOf(kind, name),
    causes: errors.map(fieldErrorCause),
  });
}

export function badRequest(message: string): ApiError {
  return failure(400, "BadRequest", message);
}

export function forbidden(resource: GroupAndName, name: string, why: string, causes?: readonly StatusCause[]): ApiError {
  const subject = name === "" ? `${qualified(resource)} is forbidden` : `${qualified(resource)} ${quote(name)} is forbidden`;
  return failure(403, "Forbidden", `${subject}: ${why}`, { ...detailsOf(resource, name), ...(causes ? { causes } : {}) });
}

export function unauthorized(): ApiError {
  return failure(401, "Unauthorized", "Unauthorized");
}

export function methodNotSupported(resource: GroupAndName, verb: string): ApiError {
  return failure(
    405,
    "MethodNotAllowed",
    `${verb} is not supported on resources of kind ${quote(qualified(resource))}`,
    detailsOf(resource, ""),
  );
}

/** For a method that the path does not take at all. */
export function methodNotAllowed(): ApiError {
  return failure(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {});
}

export function notAcceptable(accepted: readonly string[]): ApiError {
  return failure(406, "NotAcceptable", `only the following media types are accepted: ${accepted.join(", ")}`);
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  return failure(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`,
  );
}

export function expired(message: string): ApiError {
  return failure(410, "Expired", message);
}

export function internalError(message: string): ApiError {
  return failure(500, "InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] });
}

/** A 500 without a reason: what an error that is no Status becomes. */
export function plainError(message: string): ApiError {
  return failure(500, undefined, message);
}

/** `"a"`, with Go's escapes. */
export function quote(text: string): string {
  return JSON.stringify(text);
}
