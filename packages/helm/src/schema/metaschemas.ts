// SPDX-License-Identifier: Apache-2.0
// A table: the schemas of schemas, as far as they say what is valid.

type Schema = Readonly<Record<string, unknown>>;

const SIMPLE_TYPES = { enum: ["array", "boolean", "integer", "null", "number", "object", "string"] };
const STRING = { type: "string" };
const BOOLEAN = { type: "boolean" };
const NUMBER = { type: "number" };
const ANY_ARRAY = { type: "array", items: true };

function each(names: string, schema: unknown): Schema {
  return Object.fromEntries(names.split(" ").map((name) => [name, schema]));
}

function mapOf(schema: unknown): Schema {
  return { type: "object", additionalProperties: schema };
}

function typeKeyword(simpleTypes: Schema): Schema {
  return { anyOf: [simpleTypes, { type: "array", items: simpleTypes, minItems: 1, uniqueItems: true }] };
}

function draft4(): Schema {
  const self = { $ref: "#" };
  const positive = { $ref: "#/definitions/positiveInteger" };
  const orBoolean = { anyOf: [BOOLEAN, self] };
  const schemas = { $ref: "#/definitions/schemaArray" };
  return {
    $schema: "http://json-schema.org/draft-04/schema#",
    definitions: {
      schemaArray: { type: "array", minItems: 1, items: self },
      positiveInteger: { type: "integer", minimum: 0 },
      positiveIntegerDefault0: { allOf: [positive, {}] },
      simpleTypes: SIMPLE_TYPES,
      stringArray: { type: "array", items: STRING, minItems: 1, uniqueItems: true },
    },
    type: "object",
    properties: {
      id: STRING,
      $schema: { type: "string", format: "uri" },
      ...each("title description $ref format", STRING),
      multipleOf: { type: "number", minimum: 0, exclusiveMinimum: true },
      ...each("maximum minimum", NUMBER),
      ...each("exclusiveMaximum exclusiveMinimum uniqueItems", BOOLEAN),
      ...each("maxLength maxItems maxProperties", positive),
      ...each("minLength minItems minProperties", { $ref: "#/definitions/positiveIntegerDefault0" }),
      pattern: { type: "string", format: "regex" },
      ...each("additionalItems additionalProperties", orBoolean),
      items: { anyOf: [self, schemas] },
      required: { $ref: "#/definitions/stringArray" },
      ...each("definitions properties patternProperties", mapOf(self)),
      dependencies: mapOf({ anyOf: [self, { $ref: "#/definitions/stringArray" }] }),
      enum: { type: "array", minItems: 1, uniqueItems: true },
      type: typeKeyword({ $ref: "#/definitions/simpleTypes" }),
      ...each("allOf anyOf oneOf", schemas),
      not: self,
    },
    dependencies: { exclusiveMaximum: ["maximum"], exclusiveMinimum: ["minimum"] },
  };
}

function draft6or7(version: 6 | 7): Schema {
  const self = { $ref: "#" };
  const count = { $ref: "#/definitions/nonNegativeInteger" };
  const schemas = { $ref: "#/definitions/schemaArray" };
  const address = `http://json-schema.org/draft-0${version}/schema#`;
  return {
    $schema: address,
    $id: address,
    definitions: {
      schemaArray: { type: "array", minItems: 1, items: self },
      nonNegativeInteger: { type: "integer", minimum: 0 },
      nonNegativeIntegerDefault0: { allOf: [count, true] },
      simpleTypes: SIMPLE_TYPES,
      stringArray: { type: "array", items: STRING, uniqueItems: true },
    },
    type: ["object", "boolean"],
    properties: {
      ...each("$id $ref", { type: "string", format: "uri-reference" }),
      $schema: { type: "string", format: "uri" },
      ...each("title description format", STRING),
      examples: ANY_ARRAY,
      multipleOf: { type: "number", exclusiveMinimum: 0 },
      ...each("maximum exclusiveMaximum minimum exclusiveMinimum", NUMBER),
      ...each("maxLength maxItems maxProperties", count),
      ...each("minLength minItems minProperties", { $ref: "#/definitions/nonNegativeIntegerDefault0" }),
      pattern: { type: "string", format: "regex" },
      ...each("additionalItems contains additionalProperties propertyNames not", self),
      items: { anyOf: [self, schemas] },
      uniqueItems: BOOLEAN,
      required: { $ref: "#/definitions/stringArray" },
      ...each("definitions properties", mapOf(self)),
      patternProperties: { ...mapOf(self), ...(version === 7 ? { propertyNames: { format: "regex" } } : {}) },
      dependencies: mapOf({ anyOf: [self, { $ref: "#/definitions/stringArray" }] }),
      enum: version === 7 ? ANY_ARRAY : { type: "array", minItems: 1, uniqueItems: true },
      type: typeKeyword({ $ref: "#/definitions/simpleTypes" }),
      ...each("allOf anyOf oneOf", schemas),
      ...(version === 7
        ? {
            ...each("$comment contentMediaType contentEncoding", STRING),
            ...each("readOnly writeOnly", BOOLEAN),
            ...each("if then else", self),
          }
        : {}),
    },
  };
}

/** The vocabularies of 2019-09 and 2020-12, each a schema of its own, by name. */
function vocabularies(version: 2019 | 2020): Readonly<Record<string, Schema>> {
  const self = version === 2020 ? { $dynamicRef: "#meta" } : { $recursiveRef: "#" };
  const schemas = { $ref: "#/$defs/schemaArray" };
  const count = { $ref: "#/$defs/nonNegativeInteger" };
  const defs = (names: string, of: Schema): Schema => each(names, of);
  const text = version === 2020 ? { $ref: "#/$defs/uriReferenceString" } : { type: "string", format: "uri-reference" };
  const uri = version === 2020 ? { $ref: "#/$defs/uriString" } : { type: "string", format: "uri" };
  const anchor = { type: "string", pattern: version === 2020 ? "^[A-Za-z_][-A-Za-z0-9._]*$" : "^[A-Za-z][-A-Za-z0-9.:_]*$" };
  const anchorRef = version === 2020 ? { $ref: "#/$defs/anchorString" } : anchor;
  const unevaluated = each("unevaluatedItems unevaluatedProperties", self);
  return {
    core: {
      properties: {
        $id: { ...text, pattern: "^[^#]*#?$" },
        $schema: uri,
        $ref: text,
        $anchor: anchorRef,
        ...(version === 2020 ? { $dynamicRef: text, $dynamicAnchor: anchorRef } : { $recursiveRef: text, $recursiveAnchor: BOOLEAN }),
        $vocabulary: { type: "object", propertyNames: uri, additionalProperties: BOOLEAN },
        $comment: STRING,
        $defs: mapOf(self),
      },
      $defs: {
        anchorString: anchor,
        uriString: { type: "string", format: "uri" },
        uriReferenceString: { type: "string", format: "uri-reference" },
      },
    },
    applicator: {
      properties: {
        ...(version === 2020
          ? { prefixItems: schemas, items: self }
          : { additionalItems: self, items: { anyOf: [self, schemas] }, ...unevaluated }),
        ...defs("contains additionalProperties propertyNames if then else not", self),
        ...defs("properties dependentSchemas", mapOf(self)),
        patternProperties: { ...mapOf(self), propertyNames: { format: "regex" } },
        ...defs("allOf anyOf oneOf", schemas),
      },
      $defs: { schemaArray: { type: "array", minItems: 1, items: self } },
    },
    ...(version === 2020 ? { unevaluated: { properties: unevaluated } } : {}),
    validation: {
      properties: {
        type: typeKeyword({ $ref: "#/$defs/simpleTypes" }),
        const: true,
        enum: ANY_ARRAY,
        multipleOf: { type: "number", exclusiveMinimum: 0 },
        ...each("maximum exclusiveMaximum minimum exclusiveMinimum", NUMBER),
        ...each("maxLength maxItems maxContains minContains maxProperties", count),
        ...each("minLength minItems minProperties", { $ref: "#/$defs/nonNegativeIntegerDefault0" }),
        pattern: { type: "string", format: "regex" },
        uniqueItems: BOOLEAN,
        required: { $ref: "#/$defs/stringArray" },
        dependentRequired: mapOf({ $ref: "#/$defs/stringArray" }),
      },
      $defs: {
        nonNegativeInteger: { type: "integer", minimum: 0 },
        nonNegativeIntegerDefault0: count,
        simpleTypes: SIMPLE_TYPES,
        stringArray: { type: "array", items: STRING, uniqueItems: true },
      },
    },
    "meta-data": {
      properties: {
        ...each("title description", STRING),
        default: true,
        ...each("deprecated readOnly writeOnly", BOOLEAN),
        examples: ANY_ARRAY,
      },
    },
    [version === 2020 ? "format-annotation" : "format"]: { properties: { format: STRING } },
    content: { properties: { ...each("contentEncoding contentMediaType", STRING), contentSchema: self } },
  };
}

const ROOT_2019 = "https://json-schema.org/draft/2019-09/";
const ROOT_2020 = "https://json-schema.org/draft/2020-12/";

function modular(version: 2019 | 2020): Schema {
  const root = version === 2020 ? ROOT_2020 : ROOT_2019;
  const self = version === 2020 ? { $dynamicRef: "#meta" } : { $recursiveRef: "#" };
  return {
    $schema: `${root}schema`,
    $id: `${root}schema`,
    ...selfAnchor(version),
    allOf: Object.keys(vocabularies(version)).map((name) => ({ $ref: `meta/${name}` })),
    type: ["object", "boolean"],
    properties: {
      definitions: mapOf(self),
      dependencies: mapOf({ anyOf: [self, { $ref: "meta/validation#/$defs/stringArray" }] }),
      ...(version === 2020
        ? { $recursiveAnchor: { $ref: "meta/core#/$defs/anchorString" }, $recursiveRef: { $ref: "meta/core#/$defs/uriReferenceString" } }
        : {}),
    },
  };
}

function selfAnchor(version: 2019 | 2020): Schema {
  return version === 2020 ? { $dynamicAnchor: "meta" } : { $recursiveAnchor: true };
}

function vocabulary(version: 2019 | 2020, name: string): Schema | undefined {
  const root = version === 2020 ? ROOT_2020 : ROOT_2019;
  const all = vocabularies(version);
  const schema = Object.hasOwn(all, name) ? all[name] : undefined;
  if (schema === undefined) return undefined;
  return { $schema: `${root}schema`, $id: `${root}meta/${name}`, ...selfAnchor(version), type: ["object", "boolean"], ...schema };
}

/** The schema of schemas at an address (without `#`); undefined when there is none. */
export function metaschema(address: string): Schema | undefined {
  const path = address.replace(/^https?:\/\//, "");
  switch (path) {
    case "json-schema.org/draft-04/schema":
      return draft4();
    case "json-schema.org/draft-06/schema":
      return draft6or7(6);
    case "json-schema.org/draft-07/schema":
      return draft6or7(7);
    case "json-schema.org/draft/2019-09/schema":
      return modular(2019);
    case "json-schema.org/draft/2020-12/schema":
    case "json-schema.org/schema":
      return modular(2020);
  }
  const [, version, name = ""] = /^json-schema\.org\/draft\/(2019-09|2020-12)\/meta\/([a-z-]+)$/.exec(path) ?? [];
  return version === undefined ? undefined : vocabulary(version === "2020-12" ? 2020 : 2019, name);
}
