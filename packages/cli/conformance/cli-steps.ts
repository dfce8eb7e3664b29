// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdirSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { fluxKinds } from "@flux-ts/flux-api";
import type { Client } from "@flux-ts/kube-client";
import { createClient, systemClock } from "@flux-ts/kube-client";
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";
import { isJsonObject, isNotFound, parseYamlDocuments, refOf, toCustomResourceDefinition } from "@flux-ts/kube-core";
import type { ApiServer } from "@flux-ts/kube-server";
import { createApiServer } from "@flux-ts/kube-server";
import { isResult } from "@flux-ts/testbed/call-expressions";
import type { Run, StepHandler } from "@flux-ts/testbed/call-cases";
import type { Io } from "../src/io.ts";
import { root } from "../src/root.ts";
import { executeCommand } from "../src/run.ts";
import type { Command, Flag } from "../src/command.ts";
import { CommandError } from "../src/command.ts";
import { splitWords } from "./split-words.ts";

/** What the commands of one case share. */
interface Surroundings {
  cwd: string;
  readonly env: Record<string, string>;
  /** Made when it is first needed. */
  cluster(): Promise<ClusterOfCase>;
}

interface ClusterOfCase {
  readonly server: ApiServer;
  readonly client: Client;
}

/** What servers that the cases name show: there is no network. */
const hostKeys: Readonly<Record<string, string>> = {
  "github.com":
    "github.com ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg=",
};

const KEY = "surroundings of the commands";

function surroundingsOf(run: Run): Surroundings {
  const known = run.variables.get(KEY) as Surroundings | undefined;
  if (known !== undefined) return known;
  cpSync(run.fixtures, run.folder, { recursive: true });
  let cluster: Promise<ClusterOfCase> | undefined;
  const made: Surroundings = { cwd: run.folder, env: {}, cluster: () => (cluster ??= startCluster(run)) };
  run.variables.set(KEY, made);
  return made;
}

async function startCluster(run: Run): Promise<ClusterOfCase> {
  const server = createApiServer({ clock: systemClock(), random: Math.random });
  run.cleanup.push(() => server.close());
  const client = createClient(server.transport, { userAgent: "test" });
  for (const kind of fluxKinds) await client.create(toCustomResourceDefinition(kind));
  return { server, client };
}

async function execute(run: Run, text: string, stdin: string): Promise<{ readonly output: string; readonly error?: Error }> {
  const surroundings = surroundingsOf(run);
  let output = "";
  const write = (piece: string): void => {
    output += piece;
  };
  const io: Io = {
    stdout: write,
    stderr: write,
    stdin: () => Promise.resolve(stdin),
    ask: () => Promise.reject(new Error("nobody is there to answer")),
    env: { ...surroundings.env },
    cwd: surroundings.cwd,
    home: join(run.folder, "home"),
    clock: systemClock(),
    terminal: { isTty: false, columns: 80 },
    signal: new AbortController().signal,
    version: "0.0.0-dev.0",
    scanHostKeys: (host) => Promise.resolve(hostKeys[host] ?? ""),
    cluster: async () => ({
      transport: (await surroundings.cluster()).server.transport,
      contextNamespace: "",
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  };
  try {
    const code = await executeCommand(withClearedDefaults(root), splitWords(text), io);
    return code === 0 ? { output } : { output, error: new Error(`exit code ${code}`) };
  } catch (error) {
    // Differences that were found are no failure to upstream's tests.
    return error instanceof CommandError && error.isWarning ? { output } : { output, error: error as Error };
  }
}

/**
 * Upstream's tests run all commands in one process and set some flags to nothing between them, not to their defaults; what they expect
 * shows it (`interval: 0s`, no `provider`). @see cmd/flux/main_test.go resetCmdArgs
 */
function withClearedDefaults(command: Command, path = ""): Command {
  const here = path === "" ? command.name : `${path} ${command.name}`;
  const cleared = clearedFlags[here] ?? [];
  const clear = (flag: Flag): Flag => {
    if (!cleared.includes(flag.name)) return flag;
    const { default: _, ...rest } = flag;
    return rest;
  };
  return {
    ...command,
    ...(command.flags === undefined ? {} : { flags: command.flags.map(clear) }),
    ...(command.persistentFlags === undefined ? {} : { persistentFlags: command.persistentFlags.map(clear) }),
    ...(command.children === undefined ? {} : { children: command.children.map((child) => withClearedDefaults(child, here)) }),
  };
}

const clearedFlags: Readonly<Record<string, readonly string[]>> = {
  "flux create": ["interval"],
  "flux create source bucket": ["provider"],
  "flux create source oci": ["provider"],
  "flux create kustomization": ["health-check-timeout"],
};

const flux: StepHandler = async (step, run, text) => {
  const { output, error } = await execute(run, text(String(step["flux"])), text(String(step["stdin"] ?? "")));
  if (typeof step["expectError"] === "string") {
    const expected = text(step["expectError"]);
    if (error?.message !== expected) {
      throw new Error(`flux ${String(step["flux"])}\nends with: ${error?.message ?? `success: ${output}`}\nexpected:  ${expected}`);
    }
  }
  if ((step["expectOk"] === true || typeof step["expectOutput"] === "string") && error !== undefined) {
    throw new Error(`flux ${String(step["flux"])}\nfails: ${error.message}`);
  }
  if (typeof step["expectOutput"] === "string" && output !== text(step["expectOutput"])) {
    throw new Error(`flux ${String(step["flux"])}\nprints:\n${output}\nexpected:\n${text(step["expectOutput"])}`);
  }
  return { values: [output], ...(error === undefined ? {} : { error }) };
};

function readObjects(yaml: string): readonly KubeObject[] {
  return parseYamlDocuments(yaml).filter((each): each is JsonObject => isJsonObject(each)) as unknown as readonly KubeObject[];
}

/** Each object is made, then given its status. Upstream's tests stop at the first that cannot be, and go on. */
const apply: StepHandler = async (step, run, text) => {
  const { client } = await surroundingsOf(run).cluster();
  try {
    for (const object of readObjects(text(String(step["apply"])))) {
      // Upstream's manager applies as the controller does, so that a diff finds what it owns.
      if (step["how"] === "server-side apply") {
        await client.apply(object, { fieldManager: "kustomize-controller", force: true });
        continue;
      }
      const created = await client.create(object);
      const status: unknown = Reflect.get(object, "status");
      if (status === undefined) continue;
      try {
        await client.update({ ...created, status } as KubeObject, { subresource: "status" });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
  } catch (error) {
    return { values: [], error: error as Error };
  }
  return undefined;
};

const remove: StepHandler = async (step, run, text) => {
  const { client } = await surroundingsOf(run).cluster();
  for (const object of readObjects(text(String(step["delete"])))) {
    try {
      await client.delete(refOf(object));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return undefined;
};

const createNamespace: StepHandler = async (step, run, text) => {
  const { client } = await surroundingsOf(run).cluster();
  await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: text(String(step["createNamespace"])) } });
  return undefined;
};

const setenv: StepHandler = (step, run, text) => {
  surroundingsOf(run).env[text(String(step["setenv"]))] = text(String(step["value"] ?? ""));
  return Promise.resolve(undefined);
};

const chdir: StepHandler = (step, run, text) => {
  const surroundings = surroundingsOf(run);
  const path = text(String(step["chdir"]));
  surroundings.cwd = isAbsolute(path) ? path : join(surroundings.cwd, path);
  mkdirSync(surroundings.cwd, { recursive: true });
  return Promise.resolve(undefined);
};

/** `r2.KubeConfig` is a field of what a call gave; a name alone is a variable. */
const set: StepHandler = async (step, { variables }, text, resolve) => {
  const [name = "", field] = text(String(step["set"])).split(".");
  const value = await resolve(step["value"]);
  const result = variables.get(name);
  if (field === undefined) variables.set(name, value);
  else if (isResult(result)) variables.set(name, { values: [{ ...(result.values[0] as object), [field]: value }] });
  else throw new Error(`${name} has no fields`);
  return undefined;
};

/** The steps that stand only in cases of the command line. */
export const commandSteps: Readonly<Record<string, StepHandler>> = { flux, apply, delete: remove, createNamespace, setenv, chdir, set };
