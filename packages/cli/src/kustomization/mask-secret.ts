// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { setKey, stringifyYaml } from "@flux-ts/kube-core";
import { CommandError } from "../command.ts";

/** What is shown in place of a value that SOPS encrypted. */
export const SOPS_MASK = "**SOPS**";

type Texts = Readonly<Record<string, unknown>>;

/**
 * A Secret without what SOPS put into it: the values of one that is encrypted as a whole, and single values that are encrypted
 * files. Other objects, and plain values, stay as they are.
 *
 * @throws {CommandError} for data that is not base64
 * @see flux2 internal/build maskSopsData
 */
export function maskSecret(object: KubeObject): KubeObject {
  if (object.kind !== "Secret") return object;
  const yaml = stringifyYaml(object);
  const masked = yaml.includes("sops:") && yaml.includes("mac: ENC[") ? maskAll(object) : maskEncryptedFiles(object);
  return masked;
}

function maskAll(object: KubeObject): KubeObject {
  const { sops: _, ...rest } = object as KubeObject & { readonly sops?: unknown };
  const text = rest["type"] === "kubernetes.io/dockerconfigjson" ? JSON.stringify({ mask: SOPS_MASK }) : SOPS_MASK;
  return withTexts(rest, (_name, _value, isEncoded) => (isEncoded ? encode(text) : text));
}

function maskEncryptedFiles(object: KubeObject): KubeObject {
  return withTexts(object, (_name, value, isEncoded) => {
    if (typeof value !== "string") return value;
    const text = isEncoded ? decode(value, object) : value;
    return text.includes("sops") && text.includes("ENC[") ? encode(SOPS_MASK) : value;
  });
}

function withTexts(object: KubeObject, change: (name: string, value: unknown, isEncoded: boolean) => unknown): KubeObject {
  const map = (field: "data" | "stringData"): Texts => {
    const texts = object[field];
    if (typeof texts !== "object" || texts === null || Array.isArray(texts)) return {};
    const changed: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(texts)) setKey(changed, name, change(name, value, field === "data"));
    return { [field]: changed };
  };
  return { ...object, ...map("data"), ...map("stringData") };
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function decode(value: string, { metadata }: KubeObject): string {
  const plain = value.replace(/[\r\n]/g, "");
  if (BASE64.test(plain)) return Buffer.from(plain, "base64").toString("latin1");
  const at = plain.search(/[^A-Za-z0-9+/=]/);
  throw new CommandError(
    `failed to mask secret ${metadata.name ?? ""} sops data: illegal base64 data at input byte ${at < 0 ? Math.max(0, plain.length - 1) : at}`,
  );
}
