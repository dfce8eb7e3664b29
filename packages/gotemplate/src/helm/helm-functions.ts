// SPDX-License-Identifier: Apache-2.0
import { goQuote } from "../format/quote.ts";
import { fromPlain, toPlain } from "../plain.ts";
import { FunctionError, TemplateError } from "../template-error.ts";
import { type Call, GoMap, type Nested, Slice, type TemplateFunction, type Value, fn } from "../values.ts";
import { errorList, jsonTypeOf, readJson, writeJson } from "./json.ts";
import { readToml } from "../toml/toml-reader.ts";
import { writeToml } from "../toml/toml-writer.ts";

/** What Helm's functions ask of the renderer. */
export interface HelmPorts {
  /** sigs.k8s.io/yaml's Marshal of plain data (null-prototype objects with sorted keys, bigint for large integers). */
  readonly stringifyYaml: (value: unknown) => string;
  /** go-yaml v3's with an indent of 2 (kube-core's `flavour: "v3"`): integers are bigint here, other numbers float64. */
  readonly stringifyYamlPretty: (value: unknown) => string;
  /** sigs.k8s.io/yaml's Unmarshal. What it throws becomes the "Error" that templates see. */
  readonly parseYaml: (text: string) => unknown;
  /** What TOML text holds, in place of the package's own reader. What it throws becomes the "Error" that templates see. */
  readonly parseToml?: (text: string) => unknown;
  /** An object of the cluster, or a list of them where the name is empty; an empty map when there is none. */
  readonly lookup?: (apiVersion: string, kind: string, namespace: string, name: string) => unknown;
  /** Whether `fail` and `required` do nothing, as `helm lint` has it. */
  readonly isLint?: boolean;
}

/** How often a template may include itself, as Helm has it. */
const MAX_INCLUDES = 1000;

/** Marks the message of `fail` and `required` inside of errors, as Helm does. */
export const WARN_START = "HELM_ERR_START";
export const WARN_END = "HELM_ERR_END";

/**
 * Helm 4.2's own functions: include, tpl, required, fail, lookup, the conversions.
 * Make them anew for each rendering, as `include` counts.
 *
 * @see helm.sh/helm/v4 pkg/engine/funcs.go, engine.go
 */
export function helmFunctions(ports: HelmPorts): Map<string, TemplateFunction> {
  const counts = new Map<string, number>();
  const yaml = (stringify: (value: unknown) => string, onError: (error: unknown) => string, keepsTypes = false): TemplateFunction =>
    fn("any", ([value], call) => {
      try {
        return stringify(toPlain(value, { keepsTypes, spend: call.spend })).replace(/\n$/, "");
      } catch (error) {
        if (error instanceof TemplateError) throw error;
        return onError(error);
      }
    });
  const empty = (): string => "";
  const json = (options: Parameters<typeof writeJson>[1], isMust: boolean): TemplateFunction =>
    fn("any", ([value], call) => {
      try {
        return writeJson(value, { ...options, spend: call.spend });
      } catch (error) {
        if (isMust || !(error instanceof FunctionError)) throw error;
        return "";
      }
    });
  return new Map<string, TemplateFunction>([
    [
      "include",
      {
        ...fn("string,any", ([name, data], call) => counted(String(name), counts, () => call.templates.execute(String(name), data))),
        nested: ([name, data], call) => includeNested(String(name), data, call, counts),
      },
    ],
    [
      "tpl",
      {
        ...fn("string,any", ([text, data], call) =>
          finish(call.templates.executeText(TPL_NAME, String(text), data, tplFailure(String(text)))),
        ),
        *nested([text, data], call): Nested<Value> {
          return finish(yield* call.templates.executeTextNested(TPL_NAME, String(text), data, tplFailure(String(text))));
        },
      },
    ],
    [
      "required",
      fn("string,any", ([message, value]) => {
        if (value !== null && value !== undefined && value !== "") return value;
        if (ports.isLint === true) return "";
        throw new FunctionError(WARN_START + String(message) + WARN_END);
      }),
    ],
    [
      "fail",
      fn("string", ([message]) => {
        if (ports.isLint === true) return "";
        throw new FunctionError(WARN_START + String(message) + WARN_END);
      }),
    ],
    [
      "lookup",
      fn("string,string,string,string", ([apiVersion, kind, namespace, name]) => {
        const found = ports.lookup?.(String(apiVersion), String(kind), String(namespace), String(name));
        return found === undefined ? new GoMap() : fromPlain(found);
      }),
    ],
    ["getHostByName", fn("string", () => "")],
    ["toYaml", yaml(ports.stringifyYaml, empty)],
    ["mustToYaml", yaml(ports.stringifyYaml, rethrow)],
    ["toYamlPretty", yaml(ports.stringifyYamlPretty, empty, true)],
    ["fromYaml", fn("string", ([text]) => fromText(String(text), ports.parseYaml, "map"))],
    ["fromYamlArray", fn("string", ([text]) => fromText(String(text), ports.parseYaml, "list"))],
    ["toJson", json({}, false)],
    ["mustToJson", json({}, true)],
    ["toPrettyJson", json({ indent: "  " }, false)],
    ["mustToPrettyJson", json({ indent: "  " }, true)],
    ["toRawJson", json({ isRaw: true }, true)],
    ["mustToRawJson", json({ isRaw: true }, true)],
    ["fromJson", fn("string", ([text]) => fromText(String(text), readJson, "map", "json: cannot unmarshal"))],
    ["fromJsonArray", fn("string", ([text]) => fromText(String(text), readJson, "list", "json: cannot unmarshal"))],
    ["mustFromJson", fn("string", ([text]) => readJson(String(text)))],
    [
      "toToml",
      fn("any", ([value], call) => {
        // Helm does not catch what its encoder ends with here.
        if (value === null || value === undefined) return writeToml(value, call.spend);
        try {
          return writeToml(value, call.spend);
        } catch (error) {
          if (error instanceof TemplateError) throw error;
          return messageOf(error);
        }
      }),
    ],
    ["mustToToml", fn("any", ([value], call) => writeToml(value, call.spend))],
    ["fromToml", fn("string", ([text]) => fromText(String(text), ports.parseToml ?? readToml, "map"))],
  ]);
}

function rethrow(error: unknown): never {
  throw error instanceof FunctionError ? error : new FunctionError(messageOf(error), { cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What Helm calls a text that tpl runs. */
const TPL_NAME = "gotpl";

function enter(name: string, counts: Map<string, number>): number {
  const count = counts.get(name) ?? 0;
  if (count > MAX_INCLUDES) throw new FunctionError(`rendering template has a nested reference name: ${name}: unable to execute template`);
  counts.set(name, count + 1);
  return count;
}

function counted(name: string, counts: Map<string, number>, run: () => string): string {
  const count = enter(name, counts);
  try {
    return run();
  } finally {
    counts.set(name, count);
  }
}

function* includeNested(name: string, data: Value, call: Call, counts: Map<string, number>): Nested<Value> {
  const count = enter(name, counts);
  try {
    return yield* call.templates.executeNested(name, data);
  } finally {
    counts.set(name, count);
  }
}

function tplFailure(text: string): (stage: "parse" | "execute", error: TemplateError) => TemplateError {
  return (stage, error) =>
    new TemplateError(
      error.code,
      stage === "parse"
        ? `cannot parse template ${goQuote(text)}: ${error.message}`
        : `error during tpl function execution for ${goQuote(text)}: ${error.message}`,
      { cause: error },
    );
}

/** Helm takes away what Go writes for what is not there. */
function finish(output: string): string {
  return output.replaceAll("<no value>", "");
}

/** What a text holds, or its error in the shape that templates look for. */
function fromText(
  text: string,
  parse: (text: string) => unknown,
  shape: "map" | "list",
  mismatch = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal",
): Value {
  const failed = (message: string): Value => (shape === "map" ? new GoMap(new Map([["Error", message]])) : errorList(message));
  let value: Value;
  try {
    value = fromPlain(parse(text));
  } catch (error) {
    return failed(messageOf(error));
  }
  // In JSON null empties what it is read into: a nil map, a nil list. The reader of YAML leaves that as it is.
  const isNil = parse === readJson;
  if (value === null || value === undefined)
    return shape === "map" ? new GoMap(undefined, undefined, undefined, isNil) : new Slice([], undefined, { isNil });
  if (shape === "map" ? value instanceof GoMap : value instanceof Slice) return value;
  return failed(`${mismatch} ${jsonTypeOf(value)} into Go value of type ${shape === "map" ? "map[string]interface {}" : "[]interface {}"}`);
}
