// SPDX-License-Identifier: Apache-2.0
import { type ValuesLayer, loadValues, mergeMaps, setValues } from "@flux-ts/helm";
import { type JsonObject, isJsonObject } from "@flux-ts/kube-core";
import { CommandError } from "../command.ts";
import { fieldAt, listAt, textAt } from "./release-files.ts";

/** The values of a HelmRelease, and which of their texts came from Secrets. */
export interface ReleaseValues {
  readonly layers: readonly ValuesLayer[];
  readonly values: JsonObject;
  readonly secretTexts: ReadonlySet<string>;
}

/**
 * Puts together spec.valuesFrom, in its order, and spec.values over it.
 *
 * @param objects ConfigMaps and Secrets that are at hand; their namespace is that of the release, or none
 * @throws {CommandError} in the controller's words when something is missing and not optional
 * @see github.com/fluxcd/pkg/chartutil ChartValuesFromReferences
 */
export function releaseValues(release: JsonObject, objects: readonly JsonObject[]): ReleaseValues {
  const namespace = textAt(release, "metadata", "namespace");
  const layers: ValuesLayer[] = [];
  const secretTexts = new Set<string>();
  let values: JsonObject = {};
  for (const reference of listAt(release, "spec", "valuesFrom")) {
    const text = referenced(reference, objects, namespace);
    if (text === undefined) continue;
    const kind = textAt(reference, "kind");
    const before = values;
    values = addTo(values, reference, text);
    const key = textAt(reference, "valuesKey") || "values.yaml";
    layers.push({ name: `${kind} ${textAt(reference, "name")} (${key})`, values });
    if (kind === "Secret") collectTexts(values, before, secretTexts);
  }
  const own = fieldAt(release, "spec", "values");
  if (isJsonObject(own)) {
    values = mergeMaps(values, own);
    layers.push({ name: "spec.values", values });
  }
  return { layers, values, secretTexts };
}

function referenced(reference: JsonObject, objects: readonly JsonObject[], namespace: string): string | undefined {
  const kind = textAt(reference, "kind");
  const name = textAt(reference, "name");
  const key = textAt(reference, "valuesKey") || "values.yaml";
  const fail = (why: string): undefined => {
    if (fieldAt(reference, "optional") === true) return undefined;
    throw new CommandError(`could not resolve ${kind} chart values reference '${namespace}/${name}' with key '${key}': ${why}`);
  };
  const found = objects.find(
    (object) =>
      textAt(object, "kind") === kind &&
      textAt(object, "metadata", "name") === name &&
      ["", namespace].includes(textAt(object, "metadata", "namespace")),
  );
  if (found === undefined) return fail(`${kind.toLowerCase()} not found in the files`);
  const plain = fieldAt(found, kind === "Secret" ? "stringData" : "data", key);
  if (typeof plain === "string") return plain;
  const encoded = fieldAt(found, kind === "Secret" ? "data" : "binaryData", key);
  return typeof encoded === "string" ? Buffer.from(encoded, "base64").toString("utf8") : fail("key does not exist");
}

function addTo(values: JsonObject, reference: JsonObject, text: string): JsonObject {
  const path = textAt(reference, "targetPath");
  if (path === "") return mergeMaps(values, loadValues(text));
  if (fieldAt(reference, "literal") === true) return setValues(values, `${path}=${text}`, { kind: "literal" });
  const value = text.trim();
  const [, , inner] = /^(["'])(.*)\1$/s.exec(value) ?? [];
  return inner === undefined
    ? setValues(values, `${path}=${value}`, { kind: "typed" })
    : setValues(values, `${path}=${inner}`, { kind: "text" });
}

/** Texts that are in the values now, and were not before. */
function collectTexts(now: unknown, before: unknown, texts: Set<string>): void {
  if (now === before) return;
  if (Array.isArray(now))
    for (const [index, item] of now.entries()) collectTexts(item, Array.isArray(before) ? before[index] : undefined, texts);
  else if (isJsonObject(now)) for (const [key, item] of Object.entries(now)) collectTexts(item, fieldAt(before, key), texts);
  else if (typeof now === "string" || typeof now === "number" || typeof now === "bigint") texts.add(String(now));
}
