// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The part of an OpenAPI v3 schema that the generator looks at. */
export interface OpenApiSchema {
  readonly description?: string;
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: string;
  readonly "x-kubernetes-patch-strategy"?: string;
  readonly "x-kubernetes-patch-merge-key"?: string;
}

/** All `components.schemas` of the documents in a folder (`api/openapi-spec/v3` of Kubernetes), by full name. */
export function readOpenApi(folder: string): Map<string, OpenApiSchema> {
  const schemas = new Map<string, OpenApiSchema>();
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith("_openapi.json")) continue;
    const document = JSON.parse(readFileSync(join(folder, file), "utf8")) as { components?: { schemas?: Record<string, OpenApiSchema> } };
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) schemas.set(name, schema);
  }
  return schemas;
}
