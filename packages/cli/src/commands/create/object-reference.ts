// SPDX-License-Identifier: Apache-2.0

/** Another object, as flags name it. */
export interface NamedObject {
  /** `""` when it is not told. */
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** `[<kind>/]<name>`; more than one slash belongs to the name. @see flux2 internal/utils ParseObjectKindName */
export function parseKindName(text: string): NamedObject {
  const parts = text.split("/");
  const [kind = "", name = ""] = parts;
  return parts.length === 2 ? { kind, name } : { kind: "", name: text };
}

/** `[<kind>/]<name>[.<namespace>]`. @see flux2 internal/utils ParseObjectKindNameNamespace */
export function parseKindNameNamespace(text: string): NamedObject {
  const { kind, name } = parseKindName(text);
  const dot = name.lastIndexOf(".");
  if (dot < 0) return { kind, name };
  const namespace = name.slice(dot + 1);
  return { kind, name: name.slice(0, dot), ...(namespace === "" ? {} : { namespace }) };
}

/** `[<namespace>/]<name>` of `--depends-on`. @see fluxcd/pkg apis/meta MakeDependsOn */
export function parseDependency(text: string): { readonly name: string; readonly namespace?: string } {
  const slash = text.indexOf("/");
  if (slash < 0) return { name: text };
  return { name: text.slice(slash + 1), ...(slash === 0 ? {} : { namespace: text.slice(0, slash) }) };
}

/** The kind out of some, in the case in which it is written there. */
export function supportedKind(kind: string, kinds: readonly string[]): string | undefined {
  return kinds.find((one) => one.toLowerCase() === kind.toLowerCase());
}
