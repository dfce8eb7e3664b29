// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { appManifests, gitRepository, kustomization, openLab } from "./lab.ts";
import type { Bench, Figure } from "./measure.ts";
import { nowMs, quantile } from "./measure.ts";

/** From the end of `git push`, the reconcile asked for at once, to Ready at that revision. */
async function measure(samples: number, replicas: number): Promise<{ readonly totals: number[]; readonly fetches: number[] }> {
  // With a pod: ready 1 to 3 seconds after it starts, as on a real cluster.
  await using lab = await openLab({ podReadyAfterMs: replicas === 0 ? 0 : 2000 });
  const repository = lab.git.repository("app", { "app.yaml": appManifests("app", { replicas, image: "example.com/app:0" }) });
  const source = gitRepository("app", repository.url);
  const applier = kustomization("app", "app", "./");
  await lab.apply([source, applier]);
  await lab.ready(applier);
  const clone = mkdtempSync(join(tmpdir(), "flux-bench-clone-"));
  // Never synchronous: the git server lives in this process.
  const git = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)("git", ["-C", clone, ...args])).stdout.trim();
  await git("clone", "--quiet", repository.url.replace("://", "://bench:bench@"), ".");
  await git("config", "user.name", "bench");
  await git("config", "user.email", "bench@example.com");
  const totals: number[] = [];
  const fetches: number[] = [];
  for (let sample = 1; sample <= samples; sample += 1) {
    writeFileSync(join(clone, "app.yaml"), appManifests("app", { replicas, image: `example.com/app:${sample}` }));
    await git("commit", "--quiet", "--all", "--message", `image ${sample}`);
    const sha = await git("rev-parse", "HEAD");
    await git("push", "--quiet");
    const begun = nowMs();
    const annotations = { "reconcile.fluxcd.io/requestedAt": String(sample) };
    await lab.cluster.client.patch({ ...source, ...nameOf(source) }, { metadata: { annotations } }, { type: "merge" });
    const fetched = lab.ready(
      source,
      ({ artifact }) => (artifact as { readonly revision?: string } | undefined)?.revision?.endsWith(sha) === true,
    );
    void fetched.then(() => fetches.push(nowMs() - begun));
    await lab.ready(applier, ({ lastAppliedRevision }) => String(lastAppliedRevision).endsWith(sha));
    totals.push(nowMs() - begun);
    await fetched;
  }
  rmSync(clone, { recursive: true, force: true });
  return { totals, fetches };
}

function nameOf({ metadata }: { readonly metadata: { readonly name?: string; readonly namespace?: string } }) {
  return { name: metadata.name ?? "", namespace: metadata.namespace ?? "" };
}

export const latencyBench: Bench = {
  name: "End of git push to Ready (4 objects, wait, reconcile asked for at once)",
  run: async () => {
    const bare = await measure(40, 0);
    const withPod = await measure(10, 1);
    const figures: Figure[] = [
      { name: "without pods, p50 of 40", value: quantile(bare.totals, 0.5), unit: "ms", target: { is: "at most", value: 150 } },
      { name: "without pods, p95 of 40", value: quantile(bare.totals, 0.95), unit: "ms", target: { is: "at most", value: 300 } },
      { name: "of this git's own share (source ready), p50", value: quantile(bare.fetches, 0.5), unit: "ms" },
      {
        name: "one pod, ready 2 s after it starts, p50 of 10",
        value: quantile(withPod.totals, 0.5),
        unit: "ms",
        target: { is: "at most", value: 2300 },
      },
    ];
    return figures;
  },
};
