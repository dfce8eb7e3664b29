// SPDX-License-Identifier: Apache-2.0
// A person at a terminal: an own home, the flux command as it is now, a real kubectl, and the course's repositories on loopback.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { conformanceDir } from "@flux-ts/testbed";
import type { GitServer } from "@flux-ts/testbed/git-server";
import { createGitServer } from "@flux-ts/testbed/git-server";
import { kubectlBinaries, type KubectlVersion } from "../kubernetes/kubectl-binaries.ts";
import { Bench, root, type Ended } from "../smoke/lab-process.ts";

/** The folder of the course, beside the recorded cases; undefined where these are not. */
export function courseDir(): string | undefined {
  const folder = conformanceDir();
  return folder === undefined ? undefined : join(folder, "..", "course");
}

/** The programs as the sources are now, in a folder of their own, with `flux` as a command. @returns the folder with the commands; and its end */
export function bundlePrograms(): { readonly bin: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "flux-programs-"));
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, "tools/bundle.mjs"), join(folder, "bundle"), "flux", "flux-lab", "compute-worker", "flux-controllers"],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`Cannot bundle the programs: ${stderr}`);
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const name of ["flux", "flux-controllers"]) {
    writeFileSync(join(bin, name), `#!/bin/sh\nexec '${process.execPath}' '${folder}/bundle/${name}.mjs' "$@"\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return { bin, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** What a test types into. Everything that it started ends with it. */
export class Session implements AsyncDisposable {
  readonly bench = new Bench();
  readonly #bin: string;
  readonly #programs: string;

  private constructor(programs: string, kubectl: string | undefined) {
    this.#programs = programs;
    this.#bin = join(this.bench.folder, "bin");
    mkdirSync(this.#bin);
    mkdirSync(this.folder);
    if (kubectl !== undefined) symlinkSync(kubectl, join(this.#bin, "kubectl"));
  }

  /** @param kubectl the version; absent: whatever the PATH has @returns why there is none, where the version cannot be had */
  static open(programs: string, kubectl?: KubectlVersion): Session | { readonly missing: string } {
    if (kubectl === undefined) return new Session(programs, undefined);
    const binaries = kubectlBinaries(kubectl);
    return "missing" in binaries ? binaries : new Session(programs, binaries.kubectl);
  }

  /** Where commands run. */
  get folder(): string {
    return join(this.bench.folder, "work");
  }

  get home(): string {
    return join(this.bench.folder, "home");
  }

  /** Runs lines of bash to their end, the alias `k` included; the first that fails ends them. */
  async run(script: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const path = [this.#bin, this.#programs, process.env["PATH"]].join(":");
    return this.bench.run("bash", ["-c", `shopt -s expand_aliases\nalias k=kubectl\nset -e -o pipefail\n${script}`], {
      cwd: this.folder,
      env: { PATH: path, ...env },
    });
  }

  /** As `run`, and throws when it fails. */
  async mustRun(script: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const ended = await this.run(script, env);
    if (ended.code !== 0) throw new Error(`exit code ${ended.code} of:\n${script}\n${ended.stdout}${ended.stderr}`);
    return ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const labs = await this.run("flux lab list --no-header 2>/dev/null | cut -d' ' -f1");
    for (const name of labs.stdout.split("\n").filter((line) => line !== "")) await this.run(`flux lab down ${name} --delete`);
    await this.bench[Symbol.asyncDispose]();
  }
}

/** podinfo as the course has it, or as a variant that declares `replicas: 2` and has no autoscaler. */
export async function servePodinfo(variant: "as it is" | "with replicas"): Promise<GitServer & { readonly podinfo: string }> {
  const course = courseDir();
  if (course === undefined) throw new Error("the course's podinfo is not there");
  const folder = mkdtempSync(join(tmpdir(), "podinfo-"));
  try {
    cpSync(join(course, "podinfo"), folder, { recursive: true });
    const files: Record<string, string> = {};
    for (const name of ["deployment.yaml", "service.yaml", "hpa.yaml", "kustomization.yaml"]) {
      files[`kustomize/${name}`] = readFileSync(join(folder, "kustomize", name), "utf8");
    }
    const git = await createGitServer({ defaultBranch: "master" });
    const url = git.repository("podinfo", variant === "as it is" ? files : withReplicas(files)).url;
    return Object.assign(git, { podinfo: url });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function withReplicas(files: Readonly<Record<string, string>>): Record<string, string> {
  const { "kustomize/hpa.yaml": _hpa, ...rest } = files;
  const edit = (name: string, from: RegExp, to: string): string => {
    const text = rest[name] ?? "";
    if (!from.test(text)) throw new Error(`${name} of podinfo is not as it was`);
    return text.replace(from, to);
  };
  return {
    ...rest,
    "kustomize/kustomization.yaml": edit("kustomize/kustomization.yaml", /^ *- hpa\.yaml\n/m, ""),
    "kustomize/deployment.yaml": edit("kustomize/deployment.yaml", /^spec:\n/m, "spec:\n  replicas: 2\n"),
  };
}
