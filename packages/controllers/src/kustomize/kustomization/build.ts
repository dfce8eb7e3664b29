// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import type { Kustomization } from "@flux-ts/flux-api";
import type { KubeObject } from "@flux-ts/kube-core";
import { ExactNumber, gvkOf, parseJson, stringifyJson, stringifyYaml } from "@flux-ts/kube-core";
import type { ComputeJob } from "@flux-ts/kube-runtime";
import { Failure } from "@flux-ts/kube-runtime";
import type { BuildInputs, FileSystem } from "@flux-ts/kustomize";
import { buildFlux, KustomizeError, traceInputs } from "@flux-ts/kustomize";
import { holdsCiphertext, isDecryptionDisabled, selectObjects, subjectOfObject } from "@flux-ts/toolkit/apply";
import type { FileTree } from "@flux-ts/toolkit/artifact";
import { optsOut, substitute, SubstituteError } from "@flux-ts/toolkit/substitute";
import { type BuildMemory, digestOf } from "./build-memory.ts";
import { buildSize } from "./build-size.ts";
import type { Variables } from "./inputs.ts";
import { redactAddresses } from "./redact-addresses.ts";
import { RemoteBases, type Missing, type RemoteContent } from "./remote-bases.ts";
import { RemoteTrees } from "./remote-trees.ts";
import { TreeFileSystem } from "./tree-file-system.ts";
import type { KustomizationContext } from "./types.ts";

/** All that a build depends on: plain data. */
export interface BuildInput {
  readonly tree: FileTree;
  /** What the tree's root is called. */
  readonly root: string;
  /** What to build: a folder below it. */
  readonly folder: string;
  readonly spec: Kustomization["spec"];
  readonly variables: Variables | undefined;
  readonly isStrict: boolean;
  /** What is there of remote bases so far; undefined: they are refused. */
  readonly remote: RemoteContent | undefined;
}

/** The objects to apply, in kustomize's order, and the digest of their YAML. */
export interface Built {
  readonly objects: readonly KubeObject[];
  /** `sha256:<hex>`: the same objects have the same. */
  readonly checksum: string;
}

/** What comes back from a worker: errors as data, numbers that a clone would lose as text. */
type BuildOutput =
  | { readonly built: Built; readonly inputs: BuildInputs }
  | { readonly json: string; readonly checksum: string; readonly inputs: BuildInputs }
  | { readonly problem: string }
  /** Of remote bases; the build is to be run again with it. */
  | { readonly missing: Missing };

/** Builds, substitutes, and digests. Runs in a worker when the tree is large. */
export const buildJob: ComputeJob<BuildInput, BuildOutput> = {
  name: "kustomize-build",
  run(input) {
    const remote = input.remote === undefined ? undefined : new RemoteTrees(input.remote);
    try {
      const trace = traceInputs({ fs: new TreeFileSystem(input.tree, input.root), root: input.root }, digestOf);
      const built = build(input, trace.fs, remote);
      if (remote?.missing !== undefined) return { missing: remote.missing };
      const inputs = trace.inputs();
      return built.objects.some(holdsExactNumber)
        ? { json: stringifyJson(built.objects), checksum: built.checksum, inputs }
        : { built, inputs };
    } catch (error) {
      if (remote?.missing !== undefined) return { missing: remote.missing };
      if (error instanceof BuildProblem) return { problem: error.message };
      throw error;
    }
  },
};

/** What a build needs of the context of a reconcile. */
type BuildPorts = Pick<KustomizationContext, "compute" | "signal" | "clock" | "waiting"> & {
  readonly options: Pick<KustomizationContext["options"], "remoteBases" | "noRemoteBases">;
};

/** What a user can mend in the tree or in the Kustomization. */
class BuildProblem extends Error {}

/**
 * The objects that a Kustomization makes of a tree: the same tree, spec and variables give the same objects.
 * @throws {Failure} BuildFailed, in upstream's words
 * @param memory where what was built of the same files is found
 * @see kustomize-controller build(); spec G-KUS-2, 3, 6
 */
export async function buildObjects(input: Omit<BuildInput, "remote">, ctx: BuildPorts, memory: BuildMemory): Promise<Built> {
  const known = memory.find(input);
  if (known !== undefined) return known;
  const folder = input.folder.slice(input.root.length).replace(/^\//, "");
  const size = buildSize(input.tree, folder);
  const { remoteBases, noRemoteBases } = ctx.options;
  const remote = noRemoteBases || remoteBases === undefined ? undefined : new RemoteBases({ ...remoteBases, clock: ctx.clock });
  let asked = false;
  for (;;) {
    const sizeBytes = size + (remote?.sizeBytes ?? 0);
    const output = await ctx.compute(buildJob, { ...input, remote: remote?.content }, { sizeBytes, signal: ctx.signal });
    if ("missing" in output) {
      asked = true;
      await ctx.waiting(async () => remote?.fetch(output.missing, ctx.signal));
      continue;
    }
    if ("problem" in output) throw new Failure("BuildFailed", redactAddresses(output.problem));
    // The text is our own, of a list of objects.
    const built = "json" in output ? { objects: parseJson(output.json) as readonly KubeObject[], checksum: output.checksum } : output.built;
    // What lies elsewhere may change without a trace.
    if (!asked) memory.store(input, output.inputs, built, size);
    return built;
  }
}

function build(input: BuildInput, fs: FileSystem, remote: RemoteTrees | undefined): Built {
  const resources = runKustomize(input, fs, remote);
  const completed = resources.map((resource) => complete(requireObject(resource), input));
  const text = completed.map((resource) => stringifyYaml(resource)).join("---\n");
  return { objects: selectObjects(completed), checksum: `sha256:${createHash("sha256").update(text).digest("hex")}` };
}

function runKustomize({ tree, root, folder, spec }: BuildInput, fs: FileSystem, remote: RemoteTrees | undefined): readonly KubeObject[] {
  const file = `${folder}/kustomization.yaml`;
  // Upstream tries to write one, and then to remove it.
  if (tree.files.has(folder.slice(root.length + 1)))
    throw new BuildProblem(`open ${file}: not a directory remove ${file}: not a directory`);
  try {
    return buildFlux(fs, folder, spec, remote === undefined ? {} : { remote }).objects as readonly KubeObject[];
  } catch (error) {
    if (!(error instanceof KustomizeError)) throw error;
    throw new BuildProblem(error.stage === "build" ? `kustomize build failed: ${error.message}` : error.message, { cause: error });
  }
}

function requireObject(resource: KubeObject): KubeObject {
  if (resource.apiVersion && resource.kind && resource.metadata.name) return resource;
  throw new BuildProblem(`failed to decode Kubernetes apiVersion, kind and name from: ${stringifyYaml(resource)}`);
}

function complete(resource: KubeObject, { spec, variables, isStrict }: BuildInput): KubeObject {
  if (spec.decryption !== undefined && holdsCiphertext(resource) && !isDecryptionDisabled(resource)) {
    const message = `decryption failed for '${describe(resource)}': this version cannot decrypt SOPS files yet; ${subjectOfObject(resource)} is encrypted`;
    throw new BuildProblem(message);
  }
  if (variables === undefined || optsOut(resource)) return resource;
  if ("problem" in variables) throw postBuildProblem(resource, variables.problem);
  if (variables.values.size === 0 && !variables.isAlways) return resource;
  try {
    return substitute(resource, variables.values, { strict: isStrict });
  } catch (error) {
    if (!(error instanceof SubstituteError)) throw error;
    throw postBuildProblem(resource, error.message);
  }
}

function postBuildProblem(resource: KubeObject, problem: string): BuildProblem {
  return new BuildProblem(`post build failed for '${describe(resource)}': ${problem}`);
}

/** `Deployment.v1.apps/web`, `ConfigMap.v1.[noGrp]/out`. @see kyaml resid.Gvk */
function describe(resource: KubeObject): string {
  const { group, version, kind } = gvkOf(resource);
  return `${kind}.${version}.${group === "" ? "[noGrp]" : group}/${resource.metadata.name ?? ""}`;
}

function holdsExactNumber(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof ExactNumber || (Array.isArray(value) ? value : Object.values(value)).some(holdsExactNumber);
}
