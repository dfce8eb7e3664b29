// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "./cache-folder.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

/** What `/version` of the real one says; the modules pin it, the linker has to be told. */
const KUBERNETES = "v1.36.4";
const VERSION_PACKAGE = "k8s.io/component-base/version";
const KUBERNETES_FLAGS = `-s -w -X ${VERSION_PACKAGE}.gitVersion=${KUBERNETES} -X ${VERSION_PACKAGE}.gitMajor=1 -X ${VERSION_PACKAGE}.gitMinor=36`;

interface Tool {
  /** The name of the binary. */
  readonly name: string;
  /** The folder of the module whose dependency it is. */
  readonly module: string;
  readonly package: string;
  readonly linkerFlags: string;
}

const TOOLS: readonly Tool[] = [
  { name: "etcd", module: "etcd", package: "go.etcd.io/etcd/server/v3", linkerFlags: "-s -w" },
  { name: "kube-apiserver", module: "kubernetes", package: "k8s.io/kubernetes/cmd/kube-apiserver", linkerFlags: KUBERNETES_FLAGS },
  {
    name: "kube-controller-manager",
    module: "kubernetes",
    package: "k8s.io/kubernetes/cmd/kube-controller-manager",
    linkerFlags: KUBERNETES_FLAGS,
  },
  { name: "kube-scheduler", module: "kubernetes", package: "k8s.io/kubernetes/cmd/kube-scheduler", linkerFlags: KUBERNETES_FLAGS },
  { name: "kwok", module: "kwok", package: "sigs.k8s.io/kwok/cmd/kwok", linkerFlags: "-s -w" },
];

/** The folder of the binaries of a real Kubernetes; or why there is none. */
export type Binaries = { readonly folder: string } | { readonly missing: string };

/** The folder that holds the binaries of these very modules: another version, another folder. */
export function binariesFolder(): string {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  for (const tool of TOOLS) {
    hash.update(`${tool.name} ${tool.package} ${tool.linkerFlags}\n`);
    for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(here, tool.module, file)));
  }
  return cacheFolder("kubernetes", hash.digest("hex").slice(0, 16));
}

/** What was built before. Nothing is built: that takes minutes, and is `npm run test:kubernetes`' first step. */
export function findBinaries(): Binaries {
  const folder = binariesFolder();
  const absent = TOOLS.filter(({ name }) => !existsSync(join(folder, name)));
  if (absent.length === 0) return { folder };
  return { missing: `${absent.map(({ name }) => name).join(", ")} not built: needs Go 1.26, then npm run test:kubernetes` };
}

/**
 * Builds what is not in the cache, one package at a time so that the machine stays usable: minutes the first time, nothing after it.
 *
 * @param tell is told what is being built
 * @returns why there are none when Go or its modules cannot be had
 * @throws {Error} when something does not compile
 */
export async function buildBinaries(tell: (line: string) => void): Promise<Binaries> {
  const folder = binariesFolder();
  const absent = TOOLS.filter(({ name }) => !existsSync(join(folder, name)));
  if (absent.length === 0) return { folder };
  if (spawnSync("go", ["version"]).status !== 0) return { missing: "Go is not installed" };
  mkdirSync(folder, { recursive: true });
  const scratch = mkdtempSync(join(folder, "building-"));
  try {
    for (const tool of absent) {
      const begun = Date.now();
      tell(`building ${tool.name} of ${tool.package}`);
      const target = join(scratch, tool.name);
      const args = ["build", "-C", join(here, tool.module), "-p", "1", "-ldflags", tool.linkerFlags, "-o", target, tool.package];
      const { code, stderr } = await run("go", args);
      if (code !== 0) {
        if (/dial tcp|proxy|lookup |timeout|requires go/.test(stderr))
          return { missing: `the modules cannot be had: ${stderr.slice(0, 300)}` };
        throw new Error(`Cannot build ${tool.name}: ${stderr}`);
      }
      renameSync(target, join(folder, tool.name));
      tell(`built ${tool.name} in ${Math.round((Date.now() - begun) / 1000)} s`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return { folder };
}

function run(program: string, args: readonly string[]): Promise<{ readonly code: number; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject).on("close", (code) => resolve({ code: code ?? 1, stderr }));
  });
}
