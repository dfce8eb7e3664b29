// SPDX-License-Identifier: Apache-2.0
import { subresourcesOf } from "../discovery/subresources.ts";
import type { ResourceDefinition } from "../resource.ts";

interface Parameter {
  readonly name: string;
  readonly in: "query" | "path";
  readonly description: string;
  readonly required?: boolean;
  readonly schema: object;
}

type PathItem = Record<string, unknown>;

const query = (name: string, description: string, type = "string"): Parameter => ({
  name,
  in: "query",
  description,
  schema: { type, uniqueItems: true },
});

const DRY_RUN = query(
  "dryRun",
  "When present, indicates that modifications should not be persisted. An invalid or unrecognized dryRun directive will result in an error response and no further processing of the request. Valid values are: - All: all dry run stages will be processed",
);
const MANAGER_TEXT =
  "fieldManager is a name associated with the actor or entity that is making these changes. The value must be less than or 128 characters long, and only contain printable characters, as defined by https://golang.org/pkg/unicode/#IsPrint.";
const FIELD_MANAGER = query("fieldManager", MANAGER_TEXT);
const PATCH_FIELD_MANAGER = query(
  "fieldManager",
  `${MANAGER_TEXT} This field is required for apply requests (application/apply-patch) but optional for non-apply patch types (JsonPatch, MergePatch, StrategicMergePatch).`,
);
const FIELD_VALIDATION = query(
  "fieldValidation",
  "fieldValidation instructs the server on how to handle objects in the request (POST/PUT/PATCH) containing unknown or duplicate fields. Valid values are: - Ignore: This will ignore any unknown fields that are silently dropped from the object, and will ignore all but the last duplicate field that the decoder encounters. This is the default behavior prior to v1.23. - Warn: This will send a warning via the standard warning response header for each unknown field that is dropped from the object, and for each duplicate field that is encountered. The request will still succeed if there are no other errors, and will only persist the last of any duplicate fields. This is the default in v1.23+ - Strict: This will fail the request with a BadRequest error if any unknown fields would be dropped from the object, or if any duplicate fields are present. The error returned from the server will contain all unknown and duplicate fields encountered.",
);
const FORCE = query(
  "force",
  'Force is going to "force" Apply requests. It means user will re-acquire conflicting fields owned by other people. Force flag must be unset for non-apply patch requests.',
  "boolean",
);

const PATCH_TYPES = ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json"] as const;
const STRATEGIC_TYPE = "application/strategic-merge-patch+json";
const PATCH_REF = { $ref: "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.Patch" };

/** The paths of a resource, with the operations that clients look up. `ref` names the resource's component. */
export function pathsOf(base: string, definition: ResourceDefinition, ref: string): Record<string, PathItem> {
  const { plural, namespaced, verbs } = definition;
  const paths: Record<string, PathItem> = {};
  const collection = namespaced ? `${base}/namespaces/{namespace}/${plural}` : `${base}/${plural}`;
  const item = `${collection}/{name}`;
  const can = (verb: string): boolean => verbs.includes(verb);
  if (namespaced && can("list")) paths[`${base}/${plural}`] = { get: operation(definition, "list", []) };
  const collectionItem: PathItem = {};
  if (can("list")) collectionItem["get"] = operation(definition, "list", []);
  if (can("create")) collectionItem["post"] = operation(definition, "post", [DRY_RUN, FIELD_MANAGER, FIELD_VALIDATION], bodyOf(ref));
  if (can("deletecollection")) collectionItem["delete"] = operation(definition, "deletecollection", [DRY_RUN]);
  if (Object.keys(collectionItem).length > 0) paths[collection] = collectionItem;
  if (can("get")) {
    const single: PathItem = { get: operation(definition, "get", []) };
    if (can("update")) single["put"] = operation(definition, "put", [DRY_RUN, FIELD_MANAGER, FIELD_VALIDATION], bodyOf(ref));
    if (can("delete")) single["delete"] = operation(definition, "delete", [DRY_RUN]);
    if (can("patch")) single["patch"] = patchOperation(definition);
    paths[item] = single;
  }
  for (const { name, verbs: subVerbs } of subresourcesOf(definition)) {
    const path = `${item}/${name}`;
    const sub: PathItem = {};
    if (subVerbs.includes("get")) sub["get"] = operation(definition, "get", []);
    if (subVerbs.includes("create")) sub["post"] = operation(definition, "post", [DRY_RUN, FIELD_MANAGER, FIELD_VALIDATION]);
    if (subVerbs.includes("update")) sub["put"] = operation(definition, "put", [DRY_RUN, FIELD_MANAGER, FIELD_VALIDATION]);
    if (subVerbs.includes("patch")) sub["patch"] = patchOperation(definition);
    if (subVerbs.includes("delete")) sub["delete"] = operation(definition, "delete", []);
    paths[path] = sub;
    if (name === "proxy") paths[`${path}/{path}`] = sub;
  }
  if (can("watch") && !definition.isCustom) {
    const watched = operation(definition, "watchlist", []);
    paths[`${base}/watch/${plural}`] = { get: watched };
    const inNamespace = namespaced ? `${base}/watch/namespaces/{namespace}/${plural}` : `${base}/watch/${plural}`;
    paths[inNamespace] = { get: watched };
    paths[`${inNamespace}/{name}`] = { get: operation(definition, "watch", []) };
  }
  return paths;
}

function patchOperation(definition: ResourceDefinition): object {
  const types = definition.isCustom ? PATCH_TYPES : [...PATCH_TYPES, STRATEGIC_TYPE];
  const content = Object.fromEntries(types.map((type) => [type, { schema: PATCH_REF }]));
  return operation(definition, "patch", [DRY_RUN, PATCH_FIELD_MANAGER, FIELD_VALIDATION, FORCE], { content, required: true });
}

function operation(definition: ResourceDefinition, action: string, parameters: readonly Parameter[], requestBody?: object): object {
  const { group, version, kind } = definition;
  return {
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(requestBody ? { requestBody } : {}),
    responses: { "200": { description: "OK" } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": { group, version, kind },
  };
}

function bodyOf(ref: string): object {
  return { content: { "*/*": { schema: { $ref: `#/components/schemas/${ref}` } } }, required: true };
}
