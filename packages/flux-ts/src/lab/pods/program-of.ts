// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import { isJsonObject } from "@flux-ts/kube-core";
import { ALL_COMPONENTS, COMPONENTS } from "../../process/components.ts";

/** What a container runs that carries controllers of Flux. */
export interface Program {
  readonly container: JsonObject;
  /** The command line after the program's name: names of controllers, then flags, `$(NAMES)` not replaced. */
  readonly argv: readonly string[];
}

/**
 * The container of a pod that carries controllers of Flux, and how it starts them. The command says which ones; without a
 * command the image does, by its name, whatever the registry and the tag.
 *
 * @returns undefined for all other pods
 */
export function programOf(pod: JsonObject): Program | undefined {
  const spec = pod["spec"];
  const containers = isJsonObject(spec) && Array.isArray(spec["containers"]) ? spec["containers"].filter(isJsonObject) : [];
  for (const container of containers) {
    const argv = argvOf(container);
    if (argv !== undefined) return { container, argv };
  }
  return undefined;
}

function argvOf(container: JsonObject): readonly string[] | undefined {
  const [image, command, args] = [textOf(container["image"]), textsOf(container["command"]), textsOf(container["args"])];
  const isOurImage = [ALL_COMPONENTS, ...COMPONENTS].includes(repositoryOf(image));
  const [program = isOurImage ? image : "", ...words] = command;
  const name = command.length > 0 ? baseOf(program) : repositoryOf(program);
  if (name === ALL_COMPONENTS) return [...words, ...args];
  return COMPONENTS.includes(name) ? [name, ...words, ...args] : undefined;
}

/** The last part of the name of an image, without tag and digest. */
function repositoryOf(image: string): string {
  const [name = ""] = image.split("@", 1);
  return baseOf(name).replace(/:.*$/, "");
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
