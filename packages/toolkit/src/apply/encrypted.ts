// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { isSecret } from "./kinds.ts";
import { hasMark } from "./metadata.ts";

/** With the value `disabled`: this is meant to be applied as it is. */
const DECRYPT_KEY = "kustomize.toolkit.fluxcd.io/decrypt";

/** Whether a Secret carries SOPS' metadata, which the API server would silently drop. @see kustomize-controller internal/decryptor IsEncryptedSecret */
export function isEncryptedSecret(object: KubeObject): boolean {
  return isSecret(object) && object["sops"] !== undefined;
}

/** Whether the object opts out of decryption, and so of being refused. Only an annotation counts. */
export function isDecryptionDisabled({ apiVersion, kind, metadata }: KubeObject): boolean {
  const { annotations } = metadata;
  return hasMark({ apiVersion, kind, metadata: annotations === undefined ? {} : { annotations } }, [
    { key: DECRYPT_KEY, value: "disabled" },
  ]);
}

/**
 * Whether anything in the object is still encrypted by SOPS: the object itself, of whatever kind, or a file or a set of
 * variables that a generator put into a Secret or a ConfigMap.
 */
export function holdsCiphertext(object: KubeObject): boolean {
  if (isSopsMetadata(object["sops"])) return true;
  if (object.apiVersion !== "v1" || (object.kind !== "Secret" && object.kind !== "ConfigMap")) return false;
  return [object["data"], object["stringData"], object["binaryData"]].some(holdsEncryptedEntry);
}

function isSopsMetadata(value: unknown): boolean {
  return isObject(value) && typeof value["mac"] === "string" && value["mac"].startsWith("ENC[");
}

function holdsEncryptedEntry(data: unknown): boolean {
  if (!isObject(data)) return false;
  // A .env file keeps SOPS' metadata in variables of its own.
  if (Object.hasOwn(data, "sops_mac") && Object.hasOwn(data, "sops_version")) return true;
  return Object.values(data).some((value) => typeof value === "string" && (isEncryptedFile(value) || isEncryptedFile(decode(value))));
}

/** A YAML, JSON, INI or .env file as SOPS writes it: ciphertext, and metadata with a MAC. */
function isEncryptedFile(text: string): boolean {
  if (!text.includes("ENC[")) return false;
  return /^\s*"?(sops_)?mac"?\s*[:=]\s*"?ENC\[/m.test(text);
}

function decode(value: string): string {
  return /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(value) ? Buffer.from(value, "base64").toString("utf8") : "";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
