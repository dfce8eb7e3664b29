// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "./command.ts";

/**
 * The last part of an image's name, and its tag: `ghcr.io/fluxcd/source-controller:v1.9.4` → `source-controller`, `v1.9.4`.
 * What follows the first colon after the registry counts as the tag, a digest included.
 *
 * @throws {CommandError} for an image without a tag
 * @see cmd/flux/version.go splitImageStr
 */
export function splitImage(image: string): { readonly name: string; readonly tag: string } {
  const slash = image.indexOf("/");
  const first = slash < 0 ? "" : image.slice(0, slash);
  const isRegistry = first.includes(".") || first.includes(":") || first === "localhost";
  const repository = isRegistry ? image.slice(slash) : image;
  const colon = repository.indexOf(":");
  if (colon < 0) throw new CommandError(`missing image tag in image ${image}`);
  return { name: repository.slice(repository.lastIndexOf("/", colon) + 1, colon), tag: repository.slice(colon + 1) };
}
