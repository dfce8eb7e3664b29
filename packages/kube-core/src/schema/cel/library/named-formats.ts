// SPDX-License-Identifier: Apache-2.0
import {
  dns1035LabelProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  generateNameOf,
  labelKeyProblems,
  labelValueProblems,
} from "../../../names.ts";
import { goQuote } from "../../../go-quote.ts";
import { hasFormat } from "../../formats.ts";
import type { Declaration } from "../functions.ts";
import { overload } from "../functions.ts";
import type { CelValue } from "../values.ts";
import { ArrayList, CelOpaque, CelOptional, sizeOf } from "../values.ts";

const FORMAT = "kubernetes.NamedFormat";

interface NamedFormat {
  readonly problemsOf: (text: string) => readonly string[];
  /** Of the regular expression that it is like, for costs. */
  readonly size: number;
}

function known(format: string, problem: (text: string) => string, size: number): NamedFormat {
  return { problemsOf: (text) => (hasFormat(format, text) ? [] : [problem(text)]), size };
}

const FORMATS: Readonly<Record<string, NamedFormat>> = {
  dns1123Label: { problemsOf: dns1123LabelProblems, size: 30 },
  dns1123Subdomain: { problemsOf: dns1123SubdomainProblems, size: 60 },
  dns1035Label: { problemsOf: dns1035LabelProblems, size: 30 },
  qualifiedName: { problemsOf: labelKeyProblems, size: 60 },
  dns1123LabelPrefix: { problemsOf: generateNameOf(dns1123LabelProblems), size: 30 },
  dns1123SubdomainPrefix: { problemsOf: generateNameOf(dns1123SubdomainProblems), size: 60 },
  dns1035LabelPrefix: { problemsOf: generateNameOf(dns1035LabelProblems), size: 30 },
  labelValue: { problemsOf: labelValueProblems, size: 40 },
  uri: known("uri", (text) => `parse ${goQuote(text)}: invalid URI for request`, 1103),
  uuid: known("uuid", () => "does not match the UUID format", 83),
  byte: known("byte", () => "invalid base64", 84),
  date: known("date", () => "invalid date", 91),
  datetime: known("datetime", () => "invalid datetime", 91),
};

type FormatValue = CelOpaque<NamedFormat>;

const NONE = new CelOptional();

function valueOf(name: string): FormatValue | undefined {
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  return format === undefined ? undefined : new CelOpaque(FORMAT, format, name);
}

/** @see k8s.io/apiserver pkg/cel/library/format.go */
export const namedFormats: readonly Declaration[] = [
  ...Object.keys(FORMATS).map((name) => overload(`::format.${name}() ${FORMAT}`, () => valueOf(name) ?? null)),
  overload(`::format.named(string) optional_type(${FORMAT})`, (name: string) => {
    const value = valueOf(name);
    return value === undefined ? NONE : new CelOptional(value);
  }),
  overload(
    `${FORMAT}.validate(string) optional_type(list(string))`,
    ({ value }: FormatValue, text: string) => {
      const problems = value.problemsOf(text);
      return problems.length === 0 ? NONE : new CelOptional(new ArrayList(problems));
    },
    ([format, text]: readonly CelValue[]) =>
      Math.ceil((1 + sizeOf(text ?? null)) * 0.1) *
      Math.ceil((format instanceof CelOpaque ? (format.value as NamedFormat).size : 1) * 0.25),
  ),
];
