// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import { hasAt, numberAt, objectIn, objectsAt, textAt } from "../shape.ts";
import { labelSelector } from "../validation/labels.ts";
import { at, type Problems } from "../validation/problems.ts";
import { nonReservedPath, requireText } from "../validation/scalars.ts";
import { downwardFile, keyToPath } from "./volume-files.ts";

const TEN_MINUTES = 600;
const KEY_TYPES: readonly string[] = ["RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"];

/** `projected.sources`: several sources in one folder, whose files must not meet. */
export function projectedSources(volume: JsonObject, path: string, problems: Problems): void {
  const taken = new Set<string>();
  const claim = (file: string, printed: string): void => {
    if (file === "") return;
    if (taken.has(file)) problems.invalid(path, printed, "conflicting duplicate paths");
    taken.add(file);
  };
  objectsAt(volume, "sources").forEach((source, index) => {
    const own = `${at(path, "sources")}[${index}]`;
    const kinds = ["secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate"].filter((kind) =>
      hasAt(source, kind),
    );
    for (const kind of kinds) {
      const part = objectIn(source, kind) ?? {};
      const partPath = at(own, kind);
      if (kind === "secret" || kind === "configMap") {
        requireText(part, partPath, problems, "name");
        objectsAt(part, "items").forEach((item, position) => {
          keyToPath(item, `${at(partPath, "items")}[${position}]`, problems);
          claim(textAt(item, "path"), textAt(part, "name"));
        });
      } else if (kind === "downwardAPI") {
        for (const file of objectsAt(part, "items")) {
          downwardFile(file, partPath, problems);
          claim(textAt(file, "path"), textAt(file, "path"));
        }
      } else if (kind === "serviceAccountToken") token(part, partPath, path, problems);
      else if (kind === "clusterTrustBundle") {
        trustBundle(part, partPath, problems);
        claim(textAt(part, "path"), textAt(part, "path"));
      } else if (!KEY_TYPES.includes(textAt(part, "keyType"))) problems.notSupported(at(partPath, "keyType"), part["keyType"], KEY_TYPES);
    }
    if (kinds.length > 1) problems.forbidden(own, "may not specify more than 1 volume type per source");
  });
}

/** The path of a token is checked at the volume, not at the source: so does Kubernetes. */
function token(part: JsonObject, path: string, volumePath: string, problems: Problems): void {
  const seconds = numberAt(part, "expirationSeconds") ?? 0;
  if (seconds < TEN_MINUTES) problems.invalid(at(path, "expirationSeconds"), seconds, "may not specify a duration less than 10 minutes");
  if (seconds > 2 ** 32) problems.invalid(at(path, "expirationSeconds"), seconds, "may not specify a duration larger than 2^32 seconds");
  const file = textAt(part, "path");
  if (file === "") problems.required(at(volumePath, "path"));
  else nonReservedPath(file, at(volumePath, "path"), problems);
}

function trustBundle(part: JsonObject, path: string, problems: Problems): void {
  const [byName, bySigner] = [hasAt(part, "name"), hasAt(part, "signerName")];
  if (byName && bySigner) problems.invalid(path, part, "only one of name and signerName may be used");
  else if (!byName && !bySigner) problems.required(path, "either name or signerName must be specified");
  else if (byName && textAt(part, "name") === "") problems.required(at(path, "name"), "must be a valid object name");
  else if (bySigner && textAt(part, "signerName") === "") problems.required(at(path, "signerName"), "must be a valid signer name");
  const selector = objectIn(part, "labelSelector");
  if (selector && byName) problems.invalid(at(path, "labelSelector"), selector, "labelSelector must be unset if name is specified");
  if (selector && bySigner) labelSelector(selector, at(path, "labelSelector"), problems);
  requireText(part, path, problems, "path");
  nonReservedPath(textAt(part, "path"), at(path, "path"), problems);
}
