// SPDX-License-Identifier: Apache-2.0
import type { Schema } from "@flux-ts/kube-core";

/** A schema as OpenAPI documents hold it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Where references point. */
const PREFIX = "#/components/schemas/";
/** What documents do not tell. */
const HIDDEN: ReadonlySet<string> = new Set(["x-name", "x-omit-zero"]);

/** Turns schemas into components: named types become references, and are gathered once each. */
export class Components {
  readonly schemas = new Map<string, JsonSchema>();

  /** The schema in place: a reference for a named type. */
  inline(schema: Schema): JsonSchema {
    const name = schema["x-name"];
    if (name === undefined) return this.#expand(schema);
    this.add(name, schema);
    return { $ref: PREFIX + name };
  }

  /** Adds a component, and all that it refers to. */
  add(name: string, schema: Schema): void {
    if (this.schemas.has(name)) return;
    this.schemas.set(name, {}); // holds the place: types may be cyclic
    this.schemas.set(name, this.#expand(schema));
  }

  /** A field: a reference may not stand beside a description, so it is wrapped. */
  #field(schema: Schema): JsonSchema {
    const inlined = this.inline(schema);
    if (inlined["$ref"] === undefined) return inlined;
    const { description, default: fallback } = schema;
    return {
      ...(description === undefined ? {} : { description }),
      ...(fallback === undefined ? {} : { default: fallback }),
      allOf: [inlined],
    };
  }

  #expand(schema: Schema): JsonSchema {
    // A quantity may be written as a number, too.
    if (schema.format === "quantity" && schema["x-name"] !== undefined) return { oneOf: [{ type: "string" }, { type: "number" }] };
    const result: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(schema)) {
      if (value === undefined || HIDDEN.has(key)) continue;
      switch (key) {
        case "properties":
          result[key] = Object.fromEntries(
            Object.entries(value as Record<string, Schema>).map(([name, field]) => [name, this.#field(field)]),
          );
          break;
        case "items":
        case "not":
          result[key] = this.inline(value as Schema);
          break;
        case "additionalProperties":
          result[key] = typeof value === "object" ? this.inline(value as Schema) : value;
          break;
        case "allOf":
        case "anyOf":
        case "oneOf":
          result[key] = (value as readonly Schema[]).map((part) => this.inline(part));
          break;
        case "format":
          // Formats that only the server knows.
          if (value !== "quantity" && value !== "micro-time") result[key] = value;
          else if (value === "micro-time") result[key] = "date-time";
          break;
        default:
          result[key] = value;
      }
    }
    // How custom resources publish it; built-in ones say `format: int-or-string`.
    if (
      schema["x-kubernetes-int-or-string"] &&
      schema.format === undefined &&
      schema.type === undefined &&
      !schema.anyOf &&
      !schema.allOf
    ) {
      result["anyOf"] = [{ type: "integer" }, { type: "string" }];
    }
    return result;
  }
}
