// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { KubeClientError } from "../kube-client-error.ts";
import { mergeKubeconfigs, type Kubeconfig } from "./kubeconfig.ts";
import { parseKubeconfig } from "./parse-kubeconfig.ts";

/** Where kubeconfigs are looked for. */
export interface LoadKubeconfigOptions {
  /** `--kubeconfig`: this file and no other; it must be there. */
  readonly path?: string | undefined;
  /** For KUBECONFIG: a list of files, those that are missing are skipped. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `~/.kube/config` when nothing else is said. */
  readonly home: string;
}

/**
 * The kubeconfig that kubectl would use.
 *
 * @throws {KubeClientError} INVALID_KUBECONFIG, UNREADABLE_FILE
 */
export async function loadKubeconfig(options: LoadKubeconfigOptions): Promise<Kubeconfig> {
  const { path, env, home } = options;
  const listed = (env["KUBECONFIG"] ?? "").split(delimiter).filter((item) => item !== "");
  const paths = path ? [path] : listed.length > 0 ? listed : [join(home, ".kube", "config")];
  const configs: Kubeconfig[] = [];
  for (const candidate of paths) {
    let text: string;
    try {
      text = await readFile(candidate, "utf8");
    } catch (error) {
      const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (isMissing && !path) continue;
      throw new KubeClientError(
        "UNREADABLE_FILE",
        `Cannot read kubeconfig ${JSON.stringify(candidate)}: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
    configs.push(parseKubeconfig(text, candidate));
  }
  return mergeKubeconfigs(configs);
}
