// SPDX-License-Identifier: Apache-2.0

/** What `kustomize-ts build` was asked for. */
export interface BuildArguments {
  /** The folder to build; `.` when none is given. */
  readonly folder: string;
  /** Where to write, when not to standard output: a file, or a folder for a file an object. */
  readonly output: string | undefined;
  readonly reorder: "none" | "legacy" | undefined;
  readonly loadRestrictor: "root" | "none";
  readonly managedByLabel: boolean;
  /** Whether to print where each line comes from. */
  readonly explains: boolean;
  /** Whether charts of `helmCharts` are rendered. */
  readonly enablesHelm: boolean;
  readonly helmApiVersions: readonly string[];
  readonly helmKubeVersion: string;
}

type Flag = { readonly takesValue: boolean; readonly short?: string };

/** Flags of kustomize; those that only matter to plugins and containers are read and have no effect. */
const flags: ReadonlyMap<string, Flag> = new Map<string, Flag>([
  ["as-current-user", { takesValue: false }],
  ["enable-alpha-plugins", { takesValue: false }],
  ["enable-exec", { takesValue: false }],
  ["enable-helm", { takesValue: false }],
  ["enable-managedby-label", { takesValue: false }],
  ["explain", { takesValue: false }],
  ["env", { takesValue: true, short: "e" }],
  ["helm-api-versions", { takesValue: true }],
  ["helm-command", { takesValue: true }],
  ["helm-debug", { takesValue: false }],
  ["helm-kube-version", { takesValue: true }],
  ["load-restrictor", { takesValue: true }],
  ["mount", { takesValue: true }],
  ["network", { takesValue: false }],
  ["network-name", { takesValue: true }],
  ["output", { takesValue: true, short: "o" }],
  ["reorder", { takesValue: true }],
  ["stack-trace", { takesValue: false }],
]);

/** Reads the arguments after `build`. @throws {Error} with the message that kustomize has */
export function parseBuildArguments(args: readonly string[]): BuildArguments {
  const values = new Map<string, string>();
  const folders: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--") {
      folders.push(...args.slice(index + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      folders.push(arg);
      continue;
    }
    const { name, value } = splitFlag(arg);
    const flag = flags.get(name);
    if (flag === undefined)
      throw new Error(arg.startsWith("--") ? `unknown flag: --${name}` : `unknown shorthand flag: '${arg.charAt(1)}' in ${arg}`);
    if (!flag.takesValue) values.set(name, value ?? "true");
    else if (value !== undefined) values.set(name, value);
    else {
      index++;
      const next = args[index];
      if (next === undefined) throw new Error(`flag needs an argument: --${name}`);
      values.set(name, next);
    }
  }
  if (folders.length > 1) throw new Error("specify one path to kustomization.yaml");
  return {
    folder: folders[0] ?? ".",
    output: values.get("output"),
    reorder: reorderOf(values.get("reorder")),
    loadRestrictor: restrictorOf(values.get("load-restrictor")),
    managedByLabel: values.get("enable-managedby-label") === "true",
    explains: values.get("explain") === "true",
    enablesHelm: values.get("enable-helm") === "true",
    helmApiVersions: (values.get("helm-api-versions") ?? "").split(",").filter((version) => version !== ""),
    helmKubeVersion: values.get("helm-kube-version") ?? "",
  };
}

function splitFlag(arg: string): { readonly name: string; readonly value: string | undefined } {
  if (arg.startsWith("--")) {
    const equals = arg.indexOf("=");
    return equals < 0 ? { name: arg.slice(2), value: undefined } : { name: arg.slice(2, equals), value: arg.slice(equals + 1) };
  }
  const letter = arg.charAt(1);
  const name = [...flags].find(([, { short }]) => short === letter)?.[0] ?? "";
  const rest = arg.slice(2);
  return { name, value: rest === "" ? undefined : rest.startsWith("=") ? rest.slice(1) : rest };
}

function reorderOf(value: string | undefined): "none" | "legacy" | undefined {
  if (value === undefined || value === "unspecified") return undefined;
  if (value === "none" || value === "legacy") return value;
  throw new Error(`illegal flag value --reorder ${value}; legal values: [legacy none]`);
}

function restrictorOf(value: string | undefined): "root" | "none" {
  if (value === undefined || value === "" || value.toLowerCase() === "loadrestrictionsrootonly" || value.toLowerCase() === "rootonly")
    return "root";
  if (value.toLowerCase() === "loadrestrictionsnone" || value.toLowerCase() === "none") return "none";
  throw new Error(`illegal flag value --load-restrictor ${value}; legal values: [LoadRestrictionsRootOnly LoadRestrictionsNone]`);
}
