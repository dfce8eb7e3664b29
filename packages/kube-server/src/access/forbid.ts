// SPDX-License-Identifier: Apache-2.0
import type { ApiError } from "@flux-ts/kube-core";
import { failure, forbidden } from "../status-errors.ts";
import type { Attributes } from "./attributes.ts";
import { resourceText } from "./attributes.ts";

/** The 403 of something that is not allowed. @see apiserver endpoints/handlers/responsewriters Forbidden */
export function notAllowed(attributes: Attributes, reason: string | undefined): ApiError {
  const user = JSON.stringify(attributes.identity.user);
  const because = reason ? `: ${reason}` : "";
  if (attributes.kind === "path") {
    return failure(
      403,
      "Forbidden",
      `forbidden: User ${user} cannot ${attributes.verb} path ${JSON.stringify(attributes.path)}${because}`,
      {},
    );
  }
  const { verb, group, namespace, name } = attributes;
  const scope = namespace === "" ? "at the cluster scope" : `in the namespace ${JSON.stringify(namespace)}`;
  const what = `cannot ${verb} resource ${JSON.stringify(resourceText(attributes))} in API group ${JSON.stringify(group)} ${scope}`;
  return forbidden({ group, name: attributes.resource }, name, `User ${user} ${what}${because}`);
}
