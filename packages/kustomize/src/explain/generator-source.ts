// SPDX-License-Identifier: Apache-2.0
import { baseName } from "../clean-path.ts";
import type { GeneratorArgs } from "../kustomization.ts";
import type { Loader } from "../loader.ts";
import type { FieldOrigin } from "./field-origin.ts";
import type { FieldSource } from "./field-source.ts";
import { constantSource } from "./field-source.ts";
import type { FieldPath, KustomizationPlaces } from "./kustomization-places.ts";

/** Where the fields of a generated ConfigMap or Secret come from: files, literals, and the entry of the generator for the rest. */
export function generatorSource(args: GeneratorArgs, field: FieldPath, places: KustomizationPlaces, loader: Loader): FieldSource {
  const whole = constantSource(places.originOf(field, "generator"));
  const data: FieldSource = { ...whole, field: (key) => constantSource(originOfKey(key, args, field, places, loader)) };
  const named = constantSource(places.originOf([...field, "name"], "generator"));
  const metadata: FieldSource = { ...whole, field: (key) => (key === "name" ? named : whole) };
  return { ...whole, field: (key) => (key === "data" || key === "binaryData" ? data : key === "metadata" ? metadata : whole) };
}

function originOfKey(key: string, args: GeneratorArgs, field: FieldPath, places: KustomizationPlaces, loader: Loader): FieldOrigin {
  const literal = (args.literals ?? []).findLastIndex((text) => text.startsWith(`${key}=`));
  if (literal >= 0) return places.originOf([...field, "literals", literal], "generator");
  for (const entry of args.files ?? []) {
    const equals = entry.indexOf("=");
    const [name, path] = equals < 0 ? [baseName(entry), entry] : [entry.slice(0, equals), entry.slice(equals + 1)];
    if (name === key) return { file: loader.pathOf(path), line: 1, by: "generator" };
  }
  for (const path of args.envs ?? []) {
    const line = loader
      .readText(path)
      .split(/\r?\n/)
      .findLastIndex((text) => text.trimStart().split("=", 1)[0] === key);
    if (line >= 0) return { file: loader.pathOf(path), line: line + 1, by: "generator" };
  }
  return places.originOf(field, "generator");
}
