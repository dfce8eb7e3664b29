// SPDX-License-Identifier: Apache-2.0
import type { Crd, CrdNames } from "./crd-types.ts";

/** Which of the wanted names a definition gets, and why not all. */
export interface AcceptedNames {
  readonly names: CrdNames;
  /** The first conflict; undefined when there is none. */
  readonly conflict?: { readonly reason: string; readonly message: string };
}

/**
 * Compares the names that a definition wants with those its group's other definitions have.
 * @param others every other definition of the group
 * @see apiextensions-apiserver pkg/controller/status namingController
 */
export function acceptNames(crd: Crd, others: readonly Crd[]): AcceptedNames {
  const resources = new Set<string>();
  const kinds = new Set<string>();
  for (const { status } of others) {
    const names = status?.acceptedNames;
    if (!names) continue;
    for (const name of [names.plural, names.singular, ...(names.shortNames ?? [])]) if (name) resources.add(name);
    for (const kind of [names.kind, names.listKind]) if (kind) kinds.add(kind);
  }
  const wanted = crd.spec.names;
  const had = crd.status?.acceptedNames;
  const conflicts: { reason: string; message: string }[] = [];
  const take = (name: string | undefined, taken: ReadonlySet<string>, reason: string, before: string | undefined): string => {
    if (!name) return "";
    if (!taken.has(name)) return name;
    conflicts.push({ reason, message: `${JSON.stringify(name)} is already in use` });
    return before ?? "";
  };
  const plural = take(wanted.plural, resources, "PluralConflict", had?.plural);
  const singular = take(wanted.singular, resources, "SingularConflict", had?.singular);
  const takenShortNames = (wanted.shortNames ?? []).filter((name) => resources.has(name));
  if (takenShortNames.length > 0) {
    conflicts.push({
      reason: "ShortNamesConflict",
      message: takenShortNames.map((name) => `${JSON.stringify(name)} is already in use`).join(", "),
    });
  }
  const shortNames = takenShortNames.length > 0 ? had?.shortNames : wanted.shortNames;
  const kind = take(wanted.kind, kinds, "KindConflict", had?.kind);
  const listKind = take(wanted.listKind, kinds, "ListKindConflict", had?.listKind);
  const names: CrdNames = {
    plural,
    ...(singular === "" ? {} : { singular }),
    ...(shortNames && shortNames.length > 0 ? { shortNames } : {}),
    kind,
    ...(listKind === "" ? {} : { listKind }),
    ...(wanted.categories && wanted.categories.length > 0 ? { categories: wanted.categories } : {}),
  };
  const last = conflicts.at(-1);
  return last ? { names, conflict: last } : { names };
}
