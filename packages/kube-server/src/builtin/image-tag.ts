// SPDX-License-Identifier: Apache-2.0

const DOMAIN =
  "(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?";
const PATH = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const REFERENCE = new RegExp(
  `^(?:${DOMAIN}/)?${PATH}(?:/${PATH})*(?::(\\w[\\w.-]{0,127}))?(@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$`,
);
const MAX_LENGTH = 512;

/**
 * The tag that an image is pulled by: `latest` when it has neither tag nor digest, `""` with a digest alone or when the
 * text is no image reference.
 *
 * @see kubernetes/kubernetes pkg/util/parsers ParseImageName
 */
export function imageTag(image: string): string {
  if (image.length > MAX_LENGTH || /^[a-f0-9]{64}$/.test(image)) return "";
  const match = REFERENCE.exec(image);
  if (!match) return "";
  return match[1] ?? (match[2] ? "" : "latest");
}

/** How an image is pulled if the object does not say so. */
export function defaultPullPolicy(image: string): "Always" | "IfNotPresent" {
  return imageTag(image) === "latest" ? "Always" : "IfNotPresent";
}
