// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from "node:crypto";
import type { KubeObject } from "@flux-ts/kube-core";

type JsonObject = Readonly<Record<string, unknown>>;

const PATH: readonly string[] = ["spec", "conversion", "webhook", "clientConfig"];

/**
 * A CRD without the CA of its conversion webhook, when that is no certificate (a placeholder that somebody fills in
 * later): the API server would refuse it.
 * @see fluxcd/pkg ssa/utils RemoveCABundleFromCRD
 */
export function withoutBadCaBundle(definition: KubeObject): KubeObject {
  const config = PATH.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), definition);
  if (!isObject(config)) return definition;
  const { caBundle, ...rest } = config;
  if (typeof caBundle !== "string" || caBundle === "" || isCertificate(caBundle)) return definition;
  return replaceAt(definition, PATH, rest) as KubeObject;
}

/** Base64 of PEM with at least one certificate, each of which parses. */
function isCertificate(base64: string): boolean {
  const text = Buffer.from(base64, "base64").toString("latin1");
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g);
  if (blocks === null) return false;
  try {
    return blocks.every((block) => new X509Certificate(block).raw.length > 0);
  } catch {
    return false;
  }
}

function replaceAt(value: JsonObject, path: readonly string[], replacement: JsonObject): JsonObject {
  const [first, ...rest] = path;
  if (first === undefined) return replacement;
  const inner = value[first];
  return { ...value, [first]: isObject(inner) ? replaceAt(inner, rest, replacement) : inner };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
