// SPDX-License-Identifier: Apache-2.0
import { configMapKeyProblems, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import { jsonProblem } from "../json-problem.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { unsupportedField } from "../unsupported-field.ts";
import { objectAt, textAt } from "../shape.ts";
import { immutable } from "../validation/immutable.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { decodedBytes, sealed } from "./config-map.ts";
import { secretTable } from "./tables.ts";

const MAX_BYTES = 1024 * 1024;
const ACCOUNT = "kubernetes.io/service-account.name";

/** v1 Secret. Nothing it holds gets into a message. */
export const secret: KindBehaviour = {
  unsupportedFieldLabel: unsupportedField,
  printer: secretTable,
  fieldSelectors: { type: (object) => textAt(object, "type") },
  strategy: {
    metadataOnUpdate: { asChange: 1, asWhole: 1 },
    validate: (object) => problemsOf((problems) => content(object, problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        immutable(object, old, "", problems, "type");
        sealed(object, old, ["data"], problems);
        content(object, problems);
      }),
    warnings: tlsWarnings,
  },
};

function content(object: KubeObject, problems: Problems): void {
  const data = objectAt(object, "data");
  let size = 0;
  for (const [key, value] of Object.entries(data)) {
    problems.invalidFor(`data[${key}]`, key, configMapKeyProblems(key));
    size += decodedBytes(value);
  }
  if (size > MAX_BYTES) problems.tooLong("data", MAX_BYTES);
  const need = (...keys: readonly string[]): void => {
    for (const key of keys) if (!Object.hasOwn(data, key)) problems.required(`data[${key}]`);
  };
  switch (textAt(object, "type")) {
    case "kubernetes.io/service-account-token":
      if (!object.metadata.annotations?.[ACCOUNT]) problems.required(`metadata.annotations[${ACCOUNT}]`);
      return;
    case "kubernetes.io/dockercfg":
      return dockerConfig(data, ".dockercfg", problems);
    case "kubernetes.io/dockerconfigjson":
      return dockerConfig(data, ".dockerconfigjson", problems);
    case "kubernetes.io/basic-auth":
      if (!Object.hasOwn(data, "username") && !Object.hasOwn(data, "password")) need("username", "password");
      return;
    case "kubernetes.io/ssh-auth":
      if (decodedBytes(data["ssh-privatekey"]) === 0) problems.required("data[ssh-privatekey]");
      return;
    case "kubernetes.io/tls":
      need("tls.crt", "tls.key");
  }
}

function dockerConfig(data: JsonObject, key: string, problems: Problems): void {
  if (!Object.hasOwn(data, key)) return problems.required(`data[${key}]`);
  const problem = jsonProblem(Buffer.from(textAt(data, key), "base64").toString("utf8"));
  if (problem) problems.invalid(`data[${key}]`, "<secret contents redacted>", problem);
}

function tlsWarnings(object: KubeObject): readonly string[] {
  if (textAt(object, "type") !== "kubernetes.io/tls") return [];
  const pem = (key: string): string => Buffer.from(textAt(objectAt(object, "data"), key), "base64").toString("latin1");
  const hasKey = /-----BEGIN (?:[A-Z0-9 ]* )?PRIVATE KEY-----/.test(pem("tls.key"));
  if (!pem("tls.crt").includes("-----BEGIN CERTIFICATE-----")) return ["tls: failed to find any PEM data in certificate input"];
  return hasKey ? [] : ["tls: failed to find any PEM data in key input"];
}
