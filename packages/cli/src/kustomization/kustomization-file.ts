// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import type { Kustomization } from "@flux-ts/flux-api";
import type { JsonObject } from "@flux-ts/kube-core";
import { isJsonObject, parseYamlDocuments } from "@flux-ts/kube-core";
import { CommandError } from "../command.ts";
import { decodeKustomization } from "./decode-kustomization.ts";

const GROUP = "kustomize.toolkit.fluxcd.io/";

/**
 * The Kustomization with this name in a file of YAML documents: the first in the namespace, or without one.
 *
 * @param shown how errors call the file
 * @throws {CommandError} in upstream's words when it cannot be read, or is not among them
 * @see flux2 internal/build unMarshallKustomization
 */
export async function readKustomization(file: string, name: string, namespace: string, shown = file): Promise<Kustomization> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new CommandError(`failed to read kustomization file ${shown}: ${(error as Error).message}`, { cause: error });
  });
  let documents: readonly unknown[];
  try {
    documents = parseYamlDocuments(text, { flavour: "sigs" });
  } catch (error) {
    throw new CommandError(`failed to unmarshall kustomization file ${shown}: ${(error as Error).message}`, { cause: error });
  }
  const found = documents.find((document) => isKustomizationNamed(document, name, namespace));
  if (found === undefined) {
    throw new CommandError(`failed find kustomization with name '${name}' and namespace '${namespace}' in file '${shown}'`);
  }
  try {
    // What is decoded has the types of its fields.
    return decodeKustomization(found as unknown as JsonObject) as unknown as Kustomization;
  } catch (error) {
    throw new CommandError(
      `failed to unmarshall kustomization file ${shown}: error unmarshaling JSON: while decoding JSON: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

function isKustomizationNamed(document: unknown, name: string, namespace: string): document is Kustomization {
  if (!isKustomization(document)) return false;
  const { metadata } = document;
  return metadata.name === name && (metadata.namespace === undefined || metadata.namespace === "" || metadata.namespace === namespace);
}

/** Whether a value is a Flux Kustomization, of any version. Its fields are as they were written: nothing has checked them. */
export function isKustomization(value: unknown): value is Kustomization {
  return (
    isJsonObject(value) &&
    value["kind"] === "Kustomization" &&
    typeof value["apiVersion"] === "string" &&
    value["apiVersion"].startsWith(GROUP) &&
    isJsonObject(value["metadata"])
  );
}
