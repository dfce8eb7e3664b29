// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { KubeObject } from "@flux-ts/kube-core";
import { holdsCiphertext, isDecryptionDisabled, isEncryptedSecret } from "./encrypted.ts";

const secret = (fields: object): KubeObject => ({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, ...fields });
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const MAC = "ENC[AES256_GCM,data:abc=,iv:def=,tag:ghi=,type:str]";

test.each([
  ["an object with SOPS' metadata", { sops: { mac: MAC, lastmodified: "now" }, stringData: { a: MAC } }, true],
  ["variables of an encrypted .env file", { data: { A: base64("ENC[x]"), sops_mac: base64(MAC), sops_version: base64("3") } }, true],
  ["an encrypted YAML file", { data: { "values.yaml": base64(`password: ${MAC}\nsops:\n    mac: ${MAC}\n`) } }, true],
  ["an encrypted JSON file", { stringData: { "a.json": `{"a": "${MAC}", "sops": {\n"mac": "${MAC}"}}` } }, true],
  ["text about encryption", { stringData: { note: "values look like ENC[AES256_GCM,data:…]" } }, false],
  ["a field called sops", { stringData: { sops: "x" } }, false],
])("%s holds ciphertext: %s (D-8)", (_what, fields, expected) => {
  expect(holdsCiphertext(secret(fields))).toBe(expected);
});

test("only a Secret counts for upstream, and only the annotation opts out, whatever its case", () => {
  expect(isEncryptedSecret(secret({ sops: {} }))).toBe(true);
  expect(isEncryptedSecret({ ...secret({ sops: {} }), kind: "ConfigMap" })).toBe(false);
  const key = "kustomize.toolkit.fluxcd.io/decrypt";
  expect(isDecryptionDisabled(secret({ metadata: { name: "s", annotations: { [key]: "Disabled" } } }))).toBe(true);
  expect(isDecryptionDisabled(secret({ metadata: { name: "s", labels: { [key]: "disabled" } } }))).toBe(false);
});
