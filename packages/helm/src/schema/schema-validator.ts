// SPDX-License-Identifier: Apache-2.0
// A table of what each keyword checks.
import { type JsonObject, compareText, getKey, isJsonObject } from "@flux-ts/kube-core";
import { RE2JS } from "re2js";
import { formatNumber, groupDigits } from "./format-number.ts";
import { checkFormat } from "./formats.ts";
import { TYPE_ORDER, canonical, display, isInteger, isSame, jsonTypeOf, numberOf } from "./json-value.ts";
import type { SchemaResource, SchemaStore } from "./schema-document.ts";
import { SchemaError } from "./schema-error.ts";
import { type SchemaProblem, quote, quoteAll } from "./schema-problem.ts";

/** Schemas that are tried in one validation: enough for any honest schema, and few enough to end soon. */
const MAX_STEPS = 300_000;
const MAX_DEPTH = 300;

/** What of a value no schema has looked at yet, where somebody asks for that. */
interface Unevaluated {
  readonly props: Set<string> | undefined;
  readonly items: Set<number> | undefined;
}

/** Where validation is: the schemas around this one, innermost first. */
interface Scope {
  readonly schema: unknown;
  readonly resource: SchemaResource;
  /** Grows whenever another value is looked at. */
  readonly valueId: number;
  readonly parent: Scope | undefined;
  readonly depth: number;
}

interface Outcome {
  readonly problem: SchemaProblem | undefined;
  readonly unevaluated: Unevaluated;
}

/** Validates values against the schemas of a store. Formats are checked in drafts before 2019, as Helm does; everywhere when told. */
export class SchemaValidator {
  readonly #store: SchemaStore;
  readonly #checksFormats: boolean;
  readonly #patterns = new Map<string, RE2JS>();
  #steps = 0;

  constructor(store: SchemaStore, checksFormats = false) {
    this.#store = store;
    this.#checksFormats = checksFormats;
  }

  /** What is wrong with a value: nothing, or the problems in the order in which they were met. @throws {SchemaError} */
  validate(resource: SchemaResource, value: unknown): readonly SchemaProblem[] {
    this.#steps = 0;
    const scope = { schema: resource.root, resource, valueId: 0, parent: undefined, depth: 0 };
    const { problem } = new Evaluation(this, scope, value, [], this.startFrom(value, resource.root, false)).run();
    if (problem === undefined) return [];
    return problem.isGroup === true ? problem.causes : [problem];
  }

  get store(): SchemaStore {
    return this.#store;
  }

  step(scope: Scope): void {
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) throw new SchemaError(`the schema asks for more than ${MAX_STEPS} steps`);
    if (scope.depth > MAX_DEPTH) throw new SchemaError(`the schema refers to itself more than ${MAX_DEPTH} deep`);
  }

  checksFormat(resource: SchemaResource): boolean {
    return this.#checksFormats || resource.draft < 2019;
  }

  pattern(source: string, keyword: string): RE2JS {
    const known = this.#patterns.get(source);
    if (known !== undefined) return known;
    try {
      const compiled = RE2JS.compile(source);
      this.#patterns.set(source, compiled);
      return compiled;
    } catch (error) {
      throw new SchemaError(
        `invalid regex ${JSON.stringify(source)} at ${JSON.stringify(keyword)}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  /** What of a value may be left over, where the schema or who calls it asks for that. */
  startFrom(value: unknown, schema: unknown, callerNeeds: boolean): Unevaluated {
    const own = isJsonObject(schema) ? schema : {};
    const needs = (keyword: string): boolean => callerNeeds || Object.hasOwn(own, keyword);
    if (isJsonObject(value) && !Object.hasOwn(own, "additionalProperties") && needs("unevaluatedProperties"))
      return { props: new Set(Object.keys(value)), items: undefined };
    if (Array.isArray(value) && needs("unevaluatedItems")) return { props: undefined, items: new Set(value.keys()) };
    return { props: undefined, items: undefined };
  }
}

/** One schema and one value. */
class Evaluation {
  readonly #validator: SchemaValidator;
  readonly #scope: Scope;
  readonly #value: unknown;
  readonly #path: readonly string[];
  readonly #left: Unevaluated;
  readonly #problems: SchemaProblem[] = [];

  constructor(validator: SchemaValidator, scope: Scope, value: unknown, path: readonly string[], left: Unevaluated) {
    this.#validator = validator;
    this.#scope = scope;
    this.#value = value;
    this.#path = path;
    this.#left = left;
  }

  run(): Outcome {
    this.#validator.step(this.#scope);
    const { schema } = this.#scope;
    if (schema === false) return this.#end([this.#problem("false schema")]);
    if (!isJsonObject(schema)) return this.#end([]);
    if (this.#isCycle()) return this.#end([this.#problem("the schema refers to itself without end")]);
    const { draft } = this.#scope.resource;
    const problem = draft < 2019 && Object.hasOwn(schema, "$ref") ? undefined : this.#checkWhole(schema);
    if (problem !== undefined) return this.#end([problem]);
    if (typeof schema["$ref"] === "string") {
      this.#checkReference(schema["$ref"]);
      // In older drafts nothing else counts beside a reference.
      if (draft < 2019) return this.#end(this.#problems);
    }
    const value = this.#value;
    if (isJsonObject(value)) this.#checkObject(schema, value);
    else if (Array.isArray(value)) this.#checkArray(schema, value);
    else if (typeof value === "string") this.#checkString(schema, value);
    else if (jsonTypeOf(value) === "number") this.#checkNumber(schema, numberOf(value));
    if (draft >= 2019) this.#checkDynamicReferences(schema);
    this.#checkCombined(schema);
    if (draft >= 2019) this.#checkUnevaluated(schema);
    return this.#end(this.#problems);
  }

  #end(problems: readonly SchemaProblem[]): Outcome {
    const [first] = problems;
    if (problems.length <= 1) return { problem: first, unevaluated: this.#left };
    return { problem: { path: this.#path, message: "validation failed", causes: problems, isGroup: true }, unevaluated: this.#left };
  }

  #problem(message: string, causes: readonly SchemaProblem[] = []): SchemaProblem {
    return { path: this.#path, message, causes };
  }

  #add(message: string, causes: readonly SchemaProblem[] = []): void {
    this.#problems.push(this.#problem(message, causes));
  }

  #addAll(problem: SchemaProblem | undefined): void {
    if (problem !== undefined) this.#problems.push(problem);
  }

  #isCycle(): boolean {
    const { schema, valueId } = this.#scope;
    for (let scope = this.#scope.parent; scope !== undefined && scope.valueId === valueId; scope = scope.parent) {
      if (scope.schema === schema) return true;
    }
    return false;
  }

  /** Another schema on the same value; what it looks at counts as looked at. */
  #self(schema: unknown, resource = this.#scope.resource): SchemaProblem | undefined {
    const validator = this.#validator;
    const scope = {
      schema,
      resource: isJsonObject(schema) ? validator.store.resourceOf(schema, resource) : resource,
      valueId: this.#scope.valueId,
      parent: this.#scope,
      depth: this.#scope.depth + 1,
    };
    const { props, items } = this.#left;
    const needs = (props?.size ?? 0) + (items?.size ?? 0) > 0;
    const left = needs
      ? { props: props && new Set(props), items: items && new Set(items) }
      : validator.startFrom(this.#value, schema, false);
    const outcome = new Evaluation(validator, scope, this.#value, this.#path, left).run();
    if (outcome.problem === undefined && needs) {
      for (const prop of props ?? []) if (left.props?.has(prop) !== true) props?.delete(prop);
      for (const item of items ?? []) if (left.items?.has(item) !== true) items?.delete(item);
    }
    return outcome.problem;
  }

  #child(schema: unknown, value: unknown, token: string): SchemaProblem | undefined {
    const validator = this.#validator;
    const scope = {
      schema,
      resource: isJsonObject(schema) ? validator.store.resourceOf(schema, this.#scope.resource) : this.#scope.resource,
      valueId: this.#scope.valueId + 1,
      parent: this.#scope,
      depth: this.#scope.depth + 1,
    };
    return new Evaluation(validator, scope, value, [...this.#path, token], validator.startFrom(value, schema, false)).run().problem;
  }

  /** What is checked before anything else, and alone when it fails. */
  #checkWhole(schema: JsonObject): SchemaProblem | undefined {
    const value = this.#value;
    const type = jsonTypeOf(value);
    const types = getKey(schema, "type");
    if (types !== undefined) {
      const wanted = new Set(Array.isArray(types) ? types : [types]);
      if (wanted.size > 0 && !wanted.has(type) && !(wanted.has("integer") && type === "number" && isInteger(value)))
        return this.#problem(`got ${type}, want ${TYPE_ORDER.filter((name) => wanted.has(name)).join(" or ")}`);
    }
    if (Object.hasOwn(schema, "const") && this.#scope.resource.draft >= 6 && !isSame(value, schema["const"])) {
      const wanted = schema["const"];
      return this.#problem(display(wanted) === "value" ? "'const' failed" : `value must be ${display(wanted)}`);
    }
    const choices = getKey(schema, "enum");
    if (Array.isArray(choices) && !choices.some((one) => isSame(one, value))) return this.#problem(enumMessage(choices));
    const format = getKey(schema, "format");
    if (typeof format === "string" && typeof value === "string" && this.#validator.checksFormat(this.#scope.resource)) {
      const why = checkFormat(format, value);
      if (why !== undefined) return this.#problem(`${display(value)} is not valid ${format}: ${why}`);
    }
    return undefined;
  }

  #checkReference(reference: string): void {
    const { schema, resource } = this.#validator.store.resolve(reference, this.#scope.resource);
    this.#addReferenced(this.#self(schema, resource));
  }

  #addReferenced(problem: SchemaProblem | undefined): void {
    if (problem === undefined) return;
    const causes = problem.isGroup === true ? problem.causes : [problem];
    this.#problems.push({ path: this.#path, message: "validation failed", causes, isReference: true });
  }

  #checkDynamicReferences(schema: JsonObject): void {
    const recursive = getKey(schema, "$recursiveRef");
    if (typeof recursive === "string" && this.#scope.resource.draft === 2019) {
      let target = this.#validator.store.resolve(recursive, this.#scope.resource);
      const isAnchor = (candidate: unknown): boolean => isJsonObject(candidate) && candidate["$recursiveAnchor"] === true;
      if (isAnchor(target.schema)) {
        for (let scope: Scope | undefined = this.#scope; scope !== undefined; scope = scope.parent) {
          if (isAnchor(scope.resource.root)) target = { schema: scope.resource.root, resource: scope.resource };
        }
      }
      this.#addReferenced(this.#self(target.schema, target.resource));
    }
    const dynamic = getKey(schema, "$dynamicRef");
    if (typeof dynamic !== "string" || this.#scope.resource.draft < 2020) return;
    let target = this.#validator.store.resolve(dynamic, this.#scope.resource);
    const anchor = dynamic.slice(dynamic.indexOf("#") + 1);
    if (isJsonObject(target.schema) && target.schema["$dynamicAnchor"] === anchor) {
      for (let scope: Scope | undefined = this.#scope; scope !== undefined; scope = scope.parent) {
        const found = scope.resource.dynamicAnchors.get(anchor);
        if (found !== undefined) target = { schema: found, resource: scope.resource };
      }
    }
    this.#addReferenced(this.#self(target.schema, target.resource));
  }

  #checkObject(schema: JsonObject, object: JsonObject): void {
    const { draft } = this.#scope.resource;
    const size = Object.keys(object).length;
    this.#checkLeast(schema, "minProperties", size);
    this.#checkMost(schema, "maxProperties", size);
    const required = textsOf(getKey(schema, "required")).filter((name) => !Object.hasOwn(object, name));
    if (required.length > 0) this.#add(`missing ${required.length === 1 ? "property" : "properties"} ${quoteAll(required)}`);
    for (const [name, dependency] of entriesOf(getKey(schema, "dependencies"))) {
      if (!Object.hasOwn(object, name)) continue;
      if (Array.isArray(dependency)) this.#requireAll(object, name, dependency);
      else this.#addAll(this.#self(dependency));
    }
    this.#checkProperties(schema, object);
    if (draft >= 6 && Object.hasOwn(schema, "propertyNames")) this.#checkNames(schema["propertyNames"], object);
    if (draft < 2019) return;
    for (const [name, dependent] of entriesOf(getKey(schema, "dependentSchemas")))
      if (Object.hasOwn(object, name)) this.#addAll(this.#self(dependent));
    for (const [name, dependent] of entriesOf(getKey(schema, "dependentRequired")))
      if (Object.hasOwn(object, name)) this.#requireAll(object, name, dependent);
  }

  #requireAll(object: JsonObject, name: string, wanted: unknown): void {
    const missing = textsOf(wanted).filter((other) => !Object.hasOwn(object, other));
    if (missing.length > 0) this.#add(`properties ${quoteAll(missing)} required, if ${quote(name)} exists`);
  }

  #checkProperties(schema: JsonObject, object: JsonObject): void {
    const properties = getKey(schema, "properties");
    const patterns = entriesOf(getKey(schema, "patternProperties")).map(
      ([source, child]) => [this.#validator.pattern(source, "patternProperties"), child] as const,
    );
    const additional = getKey(schema, "additionalProperties");
    const refused: string[] = [];
    for (const name of Object.keys(object).sort(compareText)) {
      const value = object[name];
      let isKnown = false;
      if (isJsonObject(properties) && Object.hasOwn(properties, name)) {
        isKnown = true;
        this.#addAll(this.#child(properties[name], value, name));
      }
      for (const [pattern, child] of patterns) {
        if (!pattern.matcher(name).find()) continue;
        isKnown = true;
        this.#addAll(this.#child(child, value, name));
      }
      if (!isKnown && additional !== undefined) {
        isKnown = true;
        if (additional === false) refused.push(name);
        else if (additional !== true) this.#addAll(this.#child(additional, value, name));
      }
      if (isKnown) this.#left.props?.delete(name);
    }
    if (refused.length > 0) this.#add(`additional properties ${quoteAll(refused)} not allowed`);
  }

  #checkNames(schema: unknown, object: JsonObject): void {
    for (const name of Object.keys(object).sort(compareText)) {
      const problem = this.#child(schema, name, "");
      if (problem === undefined) continue;
      // The name itself is what is looked at: places are within it.
      const causes = (problem.isGroup === true ? problem.causes : [problem]).map((cause) => withoutPath(cause, this.#path.length + 1));
      this.#problems.push({ path: [], message: `invalid propertyName ${quote(name)}`, causes });
    }
  }

  #checkArray(schema: JsonObject, array: readonly unknown[]): void {
    const { draft } = this.#scope.resource;
    this.#checkLeast(schema, "minItems", array.length);
    this.#checkMost(schema, "maxItems", array.length);
    if (getKey(schema, "uniqueItems") === true) {
      const twin = findEqual(array);
      if (twin !== undefined) this.#add(`items at ${twin[0]} and ${twin[1]} are equal`);
    }
    const items = getKey(schema, "items");
    const first = draft >= 2020 ? getKey(schema, "prefixItems") : Array.isArray(items) ? items : undefined;
    const rest = draft >= 2020 ? items : Array.isArray(items) ? getKey(schema, "additionalItems") : items;
    const known = Array.isArray(first) ? Math.min(first.length, array.length) : 0;
    if (Array.isArray(first)) for (const [index, child] of first.slice(0, known).entries()) this.#item(child, array, index);
    if (rest === false && draft < 2020 && Array.isArray(items)) {
      if (known < array.length) this.#add(`last ${array.length - known} additionalItem(s) not allowed`);
    } else if (rest !== undefined) {
      for (let index = known; index < array.length; index++) this.#item(rest, array, index);
    }
    if (draft >= 6 && Object.hasOwn(schema, "contains")) this.#checkContains(schema, array);
  }

  #item(schema: unknown, array: readonly unknown[], index: number): void {
    this.#left.items?.delete(index);
    this.#addAll(this.#child(schema, array[index], String(index)));
  }

  #checkContains(schema: JsonObject, array: readonly unknown[]): void {
    const problems: SchemaProblem[] = [];
    const matched: number[] = [];
    for (const [index, item] of array.entries()) {
      const problem = this.#child(schema["contains"], item, String(index));
      if (problem !== undefined) problems.push(problem);
      else {
        matched.push(index);
        if (this.#scope.resource.draft >= 2020) this.#left.items?.delete(index);
      }
    }
    const { draft } = this.#scope.resource;
    const least = draft >= 2019 ? countOf(schema, "minContains") : undefined;
    if (least !== undefined) {
      if (matched.length < least)
        this.#add(
          matched.length === 0
            ? `min ${groupDigits(least)} items required to match contains schema, but none matched`
            : `min ${groupDigits(least)} items required to match contains schema, but matched ${groupDigits(matched.length)} items at ${matched.join(" ")}`,
          problems,
        );
    } else if (matched.length === 0) this.#add("no items match contains schema", problems);
    const most = draft >= 2019 ? countOf(schema, "maxContains") : undefined;
    if (most !== undefined && matched.length > most)
      this.#add(
        `max ${groupDigits(most)} items required to match contains schema, but matched ${groupDigits(matched.length)} items at ${matched.join(" ")}`,
      );
  }

  #checkString(schema: JsonObject, text: string): void {
    if (Object.hasOwn(schema, "minLength") || Object.hasOwn(schema, "maxLength")) {
      const length = Array.from(text).length;
      this.#checkLeast(schema, "minLength", length);
      this.#checkMost(schema, "maxLength", length);
    }
    const pattern = getKey(schema, "pattern");
    if (typeof pattern === "string" && !this.#validator.pattern(pattern, "pattern").matcher(text).find())
      this.#add(`${quote(text)} does not match pattern ${quote(pattern)}`);
  }

  #checkLeast(schema: JsonObject, keyword: string, got: number): void {
    const want = countOf(schema, keyword);
    if (want !== undefined && got < want) this.#add(`${keyword}: got ${groupDigits(got)}, want ${groupDigits(want)}`);
  }

  #checkMost(schema: JsonObject, keyword: string, got: number): void {
    const want = countOf(schema, keyword);
    if (want !== undefined && got > want) this.#add(`${keyword}: got ${groupDigits(got)}, want ${groupDigits(want)}`);
  }

  #checkNumber(schema: JsonObject, value: number): void {
    const check = (keyword: string, want: number | undefined, fails: (want: number) => boolean): void => {
      if (want !== undefined && fails(want)) this.#add(`${keyword}: got ${formatNumber(value)}, want ${formatNumber(want)}`);
    };
    const limit = (keyword: string): number | undefined => {
      const given = getKey(schema, keyword);
      return jsonTypeOf(given) === "number" ? numberOf(given) : undefined;
    };
    // In draft 4 the exclusive ones are booleans that sharpen the others.
    const isSharp = (keyword: string): boolean => getKey(schema, keyword) === true;
    if (!isSharp("exclusiveMinimum")) check("minimum", limit("minimum"), (want) => value < want);
    if (!isSharp("exclusiveMaximum")) check("maximum", limit("maximum"), (want) => value > want);
    const low = isSharp("exclusiveMinimum") ? limit("minimum") : limit("exclusiveMinimum");
    const high = isSharp("exclusiveMaximum") ? limit("maximum") : limit("exclusiveMaximum");
    check("exclusiveMinimum", low, (want) => value <= want);
    check("exclusiveMaximum", high, (want) => value >= want);
    check("multipleOf", limit("multipleOf"), (want) => !isMultiple(value, want));
  }

  #checkCombined(schema: JsonObject): void {
    if (Object.hasOwn(schema, "not") && this.#self(schema["not"]) === undefined) this.#add("'not' failed");
    const all = listOf(getKey(schema, "allOf")).flatMap((child) => this.#self(child) ?? []);
    if (all.length > 0) this.#add("'allOf' failed", all);
    this.#checkAnyOf(listOf(getKey(schema, "anyOf")));
    this.#checkOneOf(listOf(getKey(schema, "oneOf")));
    if (this.#scope.resource.draft < 7 || !Object.hasOwn(schema, "if")) return;
    const branch = this.#self(schema["if"]) === undefined ? "then" : "else";
    if (Object.hasOwn(schema, branch)) this.#addAll(this.#self(schema[branch]));
  }

  #checkAnyOf(children: readonly unknown[]): void {
    if (children.length === 0) return;
    const problems: SchemaProblem[] = [];
    let isMatched = false;
    for (const child of children) {
      const problem = this.#self(child);
      if (problem !== undefined) problems.push(problem);
      else {
        isMatched = true;
        // All of them must be tried where somebody asks what is left.
        if ((this.#left.props?.size ?? 0) + (this.#left.items?.size ?? 0) === 0) break;
      }
    }
    if (!isMatched) this.#add("'anyOf' failed", problems);
  }

  #checkOneOf(children: readonly unknown[]): void {
    if (children.length === 0) return;
    const problems: SchemaProblem[] = [];
    let matched: number | undefined;
    for (const [index, child] of children.entries()) {
      const problem = this.#self(child);
      if (problem !== undefined) problems.push(problem);
      else if (matched === undefined) matched = index;
      else return this.#add(`'oneOf' failed, subschemas ${groupDigits(matched)}, ${groupDigits(index)} matched`);
    }
    if (matched === undefined) this.#add("'oneOf' failed, none matched", problems);
  }

  #checkUnevaluated(schema: JsonObject): void {
    const value = this.#value;
    if (isJsonObject(value) && Object.hasOwn(schema, "unevaluatedProperties")) {
      for (const name of [...(this.#left.props ?? [])].sort(compareText))
        this.#addAll(this.#child(schema["unevaluatedProperties"], value[name], name));
      this.#left.props?.clear();
    }
    if (Array.isArray(value) && Object.hasOwn(schema, "unevaluatedItems")) {
      for (const index of this.#left.items ?? []) this.#addAll(this.#child(schema["unevaluatedItems"], value[index], String(index)));
      this.#left.items?.clear();
    }
  }
}

function withoutPath(problem: SchemaProblem, length: number): SchemaProblem {
  return { ...problem, path: problem.path.slice(length), causes: problem.causes.map((cause) => withoutPath(cause, length)) };
}

function enumMessage(choices: readonly unknown[]): string {
  if (choices.some((one) => display(one) === "value")) return "'enum' failed";
  return choices.length === 1 ? `value must be ${display(choices[0])}` : `value must be one of ${choices.map(display).join(", ")}`;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textsOf(value: unknown): string[] {
  return listOf(value).filter((item) => typeof item === "string");
}

function entriesOf(value: unknown): [string, unknown][] {
  return isJsonObject(value) ? Object.entries(value).sort(([a], [b]) => compareText(a, b)) : [];
}

function countOf(schema: JsonObject, keyword: string): number | undefined {
  const value = getKey(schema, keyword);
  return jsonTypeOf(value) === "number" && isInteger(value) ? numberOf(value) : undefined;
}

/** Two equal items, by their places. */
function findEqual(array: readonly unknown[]): readonly [number, number] | undefined {
  const seen = new Map<string, number>();
  for (const [index, item] of array.entries()) {
    const key = canonical(item);
    const other = seen.get(key);
    if (other !== undefined) return [other, index];
    seen.set(key, index);
  }
  return undefined;
}

/** By decimal digits, so that 0.3 is a multiple of 0.1. */
function isMultiple(value: number, of: number): boolean {
  if (of === 0) return false;
  const scale = Math.max(decimals(value), decimals(of));
  if (scale > 300) return Number.isInteger(value / of);
  const scaled = (number: number): bigint => BigInt(toPlain(number, scale));
  return scaled(value) % scaled(of) === 0n;
}

function decimals(value: number): number {
  const [digits = "", power = "0"] = value.toExponential().split("e");
  return Math.max(0, digits.replace(/^-?\d\.?/, "").length - Number(power));
}

/** The digits of a number times a power of ten. */
function toPlain(value: number, scale: number): string {
  const [digits = "", power = "0"] = value.toExponential().split("e");
  const fraction = digits.replace(/^-?\d\.?/, "");
  const whole = digits.replace(".", "");
  return whole + "0".repeat(Math.max(0, Number(power) + scale - fraction.length));
}
