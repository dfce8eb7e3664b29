// SPDX-License-Identifier: Apache-2.0
import { dirname, isAbsolute, resolve } from "node:path";
import { getKey, isJsonObject, parseYaml, type JsonObject } from "@flux-ts/kube-core";
import { KubeClientError } from "../kube-client-error.ts";
import type { ExecConfig, Kubeconfig, KubeconfigCluster, KubeconfigContext, KubeconfigUser } from "./kubeconfig.ts";

/**
 * Reads a kubeconfig. Unknown fields are ignored; paths are taken from the folder of the file.
 *
 * @param path where the text comes from, for messages and relative paths
 * @throws {KubeClientError} INVALID_KUBECONFIG; the message never holds a value of the file
 */
export function parseKubeconfig(text: string, path: string): Kubeconfig {
  let document: unknown;
  try {
    document = parseYaml(text);
  } catch {
    // The parser's message may quote the line, and so a secret.
    throw invalid(path, "it is not YAML");
  }
  if (document === null) return { currentContext: "", clusters: new Map(), users: new Map(), contexts: new Map() };
  if (!isJsonObject(document)) throw invalid(path, "it is not a mapping");
  const kind = getKey(document, "kind");
  if (kind !== undefined && kind !== "Config") throw invalid(path, `its kind is ${JSON.stringify(kind)} instead of "Config"`);
  const reader: Reader = { path, folder: dirname(path) };
  return {
    currentContext: textOf(reader, document, "current-context") ?? "",
    clusters: named(reader, document, "clusters", "cluster", readCluster),
    users: named(reader, document, "users", "user", readUser),
    contexts: named(reader, document, "contexts", "context", readContext),
  };
}

interface Reader {
  readonly path: string;
  readonly folder: string;
}

function invalid(path: string, why: string): KubeClientError {
  return new KubeClientError("INVALID_KUBECONFIG", `Cannot use kubeconfig ${JSON.stringify(path)}: ${why}`);
}

function named<T>(
  reader: Reader,
  document: JsonObject,
  list: string,
  entry: string,
  read: (reader: Reader, value: JsonObject) => T,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  const items = getKey(document, list) ?? [];
  if (!Array.isArray(items)) throw invalid(reader.path, `${list} is not a list`);
  for (const item of items) {
    if (!isJsonObject(item)) throw invalid(reader.path, `${list} holds something that is not a mapping`);
    const name = textOf(reader, item, "name");
    const value = getKey(item, entry) ?? {};
    if (name === undefined || !isJsonObject(value)) throw invalid(reader.path, `an entry of ${list} has no name or no ${entry}`);
    if (!found.has(name)) found.set(name, read(reader, value));
  }
  return found;
}

function readCluster(reader: Reader, value: JsonObject): KubeconfigCluster {
  const extensions = getKey(value, "extensions");
  const extension = Array.isArray(extensions)
    ? extensions.find((item): item is JsonObject => isJsonObject(item) && getKey(item, "name") === "client.authentication.k8s.io/exec")
    : undefined;
  return defined({
    server: textOf(reader, value, "server") ?? "",
    tlsServerName: textOf(reader, value, "tls-server-name"),
    insecureSkipTlsVerify: getKey(value, "insecure-skip-tls-verify") === true,
    caFile: fileOf(reader, value, "certificate-authority"),
    caData: dataOf(reader, value, "certificate-authority-data"),
    proxyUrl: textOf(reader, value, "proxy-url"),
    disableCompression: getKey(value, "disable-compression") === true,
    execExtension: extension && getKey(extension, "extension"),
  });
}

function readUser(reader: Reader, value: JsonObject): KubeconfigUser {
  const exec = getKey(value, "exec");
  const provider = getKey(value, "auth-provider");
  return defined({
    certFile: fileOf(reader, value, "client-certificate"),
    certData: dataOf(reader, value, "client-certificate-data"),
    keyFile: fileOf(reader, value, "client-key"),
    keyData: dataOf(reader, value, "client-key-data"),
    token: textOf(reader, value, "token"),
    tokenFile: fileOf(reader, value, "tokenFile"),
    username: textOf(reader, value, "username"),
    password: textOf(reader, value, "password"),
    exec: isJsonObject(exec) ? readExec(reader, exec) : undefined,
    authProvider: isJsonObject(provider) ? (textOf(reader, provider, "name") ?? "") : undefined,
    impersonate: textOf(reader, value, "as"),
    impersonateUid: textOf(reader, value, "as-uid"),
    impersonateGroups: textsOf(reader, value, "as-groups"),
    impersonateExtra: extraOf(reader, value),
  });
}

function readContext(reader: Reader, value: JsonObject): KubeconfigContext {
  return defined({
    cluster: textOf(reader, value, "cluster") ?? "",
    user: textOf(reader, value, "user") ?? "",
    namespace: textOf(reader, value, "namespace"),
  });
}

function readExec(reader: Reader, value: JsonObject): ExecConfig {
  const command = textOf(reader, value, "command");
  const apiVersion = textOf(reader, value, "apiVersion") ?? "";
  if (command === undefined) throw invalid(reader.path, "an exec plugin has no command");
  const env: Record<string, string> = Object.create(null);
  const entries = getKey(value, "env") ?? [];
  for (const entry of Array.isArray(entries) ? entries : []) {
    const name = isJsonObject(entry) ? textOf(reader, entry, "name") : undefined;
    if (isJsonObject(entry) && name !== undefined) env[name] = textOf(reader, entry, "value") ?? "";
  }
  const mode = textOf(reader, value, "interactiveMode");
  const interactiveMode: ExecConfig["interactiveMode"] = mode === "Never" || mode === "Always" ? mode : "IfAvailable";
  return defined({
    apiVersion,
    // One with a slash is a path, from the folder of the file; one without is looked up on the PATH.
    command: command.includes("/") && !isAbsolute(command) ? resolve(reader.folder, command) : command,
    args: textsOf(reader, value, "args"),
    env,
    installHint: textOf(reader, value, "installHint"),
    provideClusterInfo: getKey(value, "provideClusterInfo") === true,
    interactiveMode,
  });
}

function textOf(reader: Reader, value: JsonObject, key: string): string | undefined {
  const found = getKey(value, key);
  if (found === undefined || found === null || found === "") return undefined;
  if (typeof found === "string") return found;
  throw invalid(reader.path, `${key} is not a string`);
}

function textsOf(reader: Reader, value: JsonObject, key: string): readonly string[] {
  const found = getKey(value, key) ?? [];
  if (Array.isArray(found) && found.every((item): item is string => typeof item === "string")) return found;
  throw invalid(reader.path, `${key} is not a list of strings`);
}

function extraOf(reader: Reader, value: JsonObject): Readonly<Record<string, readonly string[]>> {
  const extra: Record<string, readonly string[]> = Object.create(null);
  const found = getKey(value, "as-user-extra");
  if (isJsonObject(found)) for (const key of Object.keys(found)) extra[key] = textsOf(reader, found, key);
  return extra;
}

function fileOf(reader: Reader, value: JsonObject, key: string): string | undefined {
  const found = textOf(reader, value, key);
  return found === undefined ? undefined : resolve(reader.folder, found);
}

function dataOf(reader: Reader, value: JsonObject, key: string): Uint8Array | undefined {
  const found = textOf(reader, value, key)?.replaceAll(/\s/g, "");
  if (found === undefined) return undefined;
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(found)) throw invalid(reader.path, `${key} is not base64`);
  return Buffer.from(found, "base64");
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The same without the keys that are undefined. */
function defined<T extends object>(value: T): Defined<T> {
  // The keys that go are those whose type says undefined.
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Defined<T>;
}
