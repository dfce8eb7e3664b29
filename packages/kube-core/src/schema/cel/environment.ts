// SPDX-License-Identifier: Apache-2.0
import type { PatternCache } from "../pattern-cache.ts";
import type { Declaration, FunctionTable } from "./functions.ts";
import { tableOf } from "./functions.ts";
import { AUTHORIZER_TYPES, authorizers } from "./library/authorizer.ts";
import { conversions } from "./library/conversions.ts";
import { encoders } from "./library/encoders.ts";
import { kubernetesLists, lists, sets } from "./library/lists.ts";
import type { FormatStyle } from "./library/format-string.ts";
import { namedFormats } from "./library/named-formats.ts";
import { cidrs, ips, urls } from "./library/network.ts";
import { mapInsertions, operators } from "./library/operators.ts";
import { optionals } from "./library/optionals.ts";
import { quantities } from "./library/quantities.ts";
import { regex } from "./library/regex.ts";
import { semvers } from "./library/semvers.ts";
import { stringReverse, strings } from "./library/strings.ts";
import { times } from "./library/times.ts";
import type { ParseOptions } from "./parse.ts";
import type { CelType } from "./types.ts";
import { readType, typeOf } from "./types.ts";

/** What an expression may use. Make one and keep it: it holds compiled regular expressions. */
export interface CelEnvironment extends ParseOptions {
  readonly functions: FunctionTable;
  /** Types by their name in expressions. */
  readonly typeNames: ReadonlyMap<string, CelType>;
  /** Literals of durations, timestamps and regular expressions are checked when an expression is compiled. */
  readonly checksLiterals: boolean;
  /** How `format` of strings writes. */
  readonly formatStyle: FormatStyle;
}

const STANDARD_TYPES: readonly (readonly [string, string])[] = [
  ...["bool", "bytes", "double", "int", "string", "uint", "type"].map((name) => [name, name] as const),
  ["list", "list(dyn)"],
  ["map", "map(dyn, dyn)"],
  ["null_type", "null"],
  ["google.protobuf.Duration", "duration"],
  ["google.protobuf.Timestamp", "timestamp"],
];

function environment(
  libraries: readonly (readonly Declaration[])[],
  types: readonly string[],
  options: ParseOptions & Pick<CelEnvironment, "checksLiterals" | "formatStyle">,
): CelEnvironment {
  const names = [...STANDARD_TYPES, ...types.map((name) => [name, name === "optional_type" ? "optional_type(dyn)" : name] as const)];
  return {
    ...options,
    functions: tableOf(...libraries),
    typeNames: new Map(names.map(([name, text]) => [name, typeOf(readType(text))])),
  };
}

/**
 * What CEL in Kubernetes may use, in CustomResourceDefinitions and elsewhere.
 *
 * @see k8s.io/apiserver pkg/cel/environment, at compatibility version 1.35
 */
export function kubernetesEnvironment(patterns: PatternCache): CelEnvironment {
  return environment(
    [
      operators,
      conversions(patterns),
      times,
      optionals,
      mapInsertions,
      strings("local"),
      sets,
      lists,
      kubernetesLists,
      regex,
      urls,
      ips,
      cidrs,
      quantities,
      namedFormats,
      semvers,
    ],
    ["optional_type", "kubernetes.URL", "net.IP", "net.CIDR", "kubernetes.Quantity", "kubernetes.NamedFormat", "kubernetes.Semver"],
    { hasOptionals: true, hasTwoVariableMacros: true, checksLiterals: true, formatStyle: "local" },
  );
}

/** What CEL in admission may use: as elsewhere in Kubernetes, and an authorizer. @see k8s.io/apiserver pkg/cel/environment */
export function admissionEnvironment(patterns: PatternCache): CelEnvironment {
  const base = kubernetesEnvironment(patterns);
  const functions = new Map(base.functions);
  for (const [name, forms] of tableOf(authorizers)) functions.set(name, [...(functions.get(name) ?? []), ...forms]);
  return {
    ...base,
    functions,
    typeNames: new Map([...base.typeNames, ...AUTHORIZER_TYPES.map((name) => [name, typeOf(readType(name))] as const)]),
  };
}

/** Types of variables by their name: `bool`, `list(string)`, `kubernetes.authorization.Authorizer`. */
export function celType(text: string): CelType {
  return readType(text);
}

/** What CEL in Flux may use: health checks, readiness of dependencies, receivers, commit statuses. @see fluxcd/pkg runtime/cel */
export function fluxEnvironment(patterns: PatternCache): CelEnvironment {
  return environment(
    [operators, conversions(patterns), times, optionals, strings("plain"), stringReverse, sets, encoders],
    ["optional_type"],
    {
      hasOptionals: true,
      hasTwoVariableMacros: false,
      checksLiterals: false,
      formatStyle: "plain",
    },
  );
}
