// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { formatDurationNs, labelKeyProblems, labelValueProblems, parseDurationNs } from "@flux-ts/kube-core";
import type { Invocation, Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import type { FlagValues } from "../../flags.ts";
import type { Io } from "../../io.ts";
import { namespaceOf } from "../../namespace.ts";
import { namesOf } from "../kind-names.ts";

/** What is to be created, as far as every `flux create` command knows it. */
export interface Creation {
  readonly name: string;
  readonly namespace: string;
  readonly flags: FlagValues;
  readonly io: Io;
}

/**
 * A command that creates what its first argument names.
 * @throws {CommandError} without a name, or with one that cannot be
 * @see cmd/flux/create.go
 */
export function creating(run: (creation: Creation) => Promise<void>): Run {
  return ({ args: [name], flags, io }: Invocation) => {
    if (name === undefined) throw new CommandError("name is required");
    if (!isObjectName(name)) {
      throw new CommandError(
        `name '${name}' is invalid, it should adhere to standard defined in RFC 1123, the name can only contain alphanumeric characters or '-'`,
      );
    }
    return run({ name, namespace: namespaceOf(flags, io), flags, io });
  };
}

/** What upstream lets an object be called, which is less than Kubernetes does: two characters at least. @see cmd/flux/create.go */
export function isObjectName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/.test(name);
}

/**
 * The labels of `--label`.
 * @throws {CommandError} for what is no label
 */
export function labelsOf(flags: FlagValues): Readonly<Record<string, string>> {
  const labels = flags.strings("label").map((label) => {
    const parts = label.split("=");
    const [key = "", value = ""] = parts;
    if (parts.length !== 2) throw new CommandError(`invalid label format '${label}', must be key=value`);
    const keyProblems = labelKeyProblems(key);
    if (keyProblems.length > 0) throw new CommandError(`invalid label '${key}': [${keyProblems.join(" ")}]`);
    const valueProblems = labelValueProblems(value);
    if (valueProblems.length > 0) throw new CommandError(`invalid label value '${value}': [${valueProblems.join(" ")}]`);
    return [key, value] as const;
  });
  return Object.fromEntries(labels);
}

/** An object of Flux by its kind. Undefined fields of the spec are left out, wherever they stand. */
export function fluxObject(kind: string, creation: Creation, labels: Readonly<Record<string, string>>, spec: object): KubeObject {
  const { apiVersion } = namesOf(kind);
  const { name, namespace } = creation;
  const metadata = { name, namespace, ...(Object.keys(labels).length === 0 ? {} : { labels }) };
  const object = { apiVersion, kind, metadata, spec: defined(spec) };
  return object;
}

/** A value without the fields that are undefined. */
export function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(defined);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, field]) => (field === undefined ? [] : [[key, defined(field)]])));
}

/** A text flag; undefined when it is empty. */
export function given(flags: FlagValues, name: string): string | undefined {
  return flags.string(name) === "" ? undefined : flags.string(name);
}

/** `{ name }` of a flag that names an object; undefined when it is empty. */
export function referenceTo(flags: FlagValues, name: string): { readonly name: string } | undefined {
  const value = given(flags, name);
  return value === undefined ? undefined : { name: value };
}

/** A duration flag as Go prints it: `10m` is `10m0s`. */
export function duration(flags: FlagValues, name: string): string {
  return formatDurationNs(parseDurationNs(flags.string(name) || "0s"));
}

/** As {@link duration}, and undefined for nothing. */
export function positiveDuration(flags: FlagValues, name: string): string | undefined {
  return parseDurationNs(flags.string(name) || "0s") > 0n ? duration(flags, name) : undefined;
}

/** The lines of a list flag; undefined when it is empty. */
export function lines(flags: FlagValues, name: string): string | undefined {
  const values = flags.strings(name);
  return values.length === 0 ? undefined : values.join("\n");
}
