// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestCluster } from "./test-cluster.ts";
import { createTestCluster, gitRepository, kustomization } from "./test-cluster.ts";

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await createTestCluster();
  const inTeam = { namespace: "team-a" };
  const apps = kustomization("apps");
  const web = kustomization("web");
  await cluster.add(
    kustomization("infra"),
    { ...apps, metadata: { ...apps.metadata, ...inTeam } },
    { ...web, metadata: { ...web.metadata, ...inTeam } },
    gitRepository("app"),
  );
});

afterAll(() => cluster[Symbol.asyncDispose]());

/** Words with `_` for the empty one, and what is answered. */
test.each<readonly [words: string, answer: string]>([
  ["get ks _", "infra\n:4\n"],
  ["get ks infra _", "infra\n:4\n"],
  ["get -n team-a kustomization _", "apps\nweb\n:4\n"],
  ["suspend ks -n team-a w", "web\n:4\n"],
  ["build ks --namespace=team-a a", "apps\n:4\n"],
  ["reconcile source git _", "app\n:4\n"],
  ["get ks -n team", "team-a\n:4\n"],
  ["get ks -An te", "team-a\n:4\n"],
  ["get ks --namespace=te", "team-a\n:4\n"],
  ["logs --level _", "debug\ninfo\nerror\n:4\n"],
  ["get ks --no", "--no-header\n:4\n"],
  ["get ks --no-header --no", ":4\n"],
  ["create ks a --depends-on b --depends", "--depends-on\n:4\n"],
  ["get source _", "all\nbucket\nchart\nexternal\ngit\nhelm\noci\n:4\n"],
  ["build artifact --path _", ":0\n"],
  ["create ks _", ":0\n"],
  ["get ks --nope=x", ":0\n"],
  ["get ks --nope x _", ":0\n"],
])("flux %s<TAB> is completed as cobra does it", async (words, answer) => {
  const typed = words.split(" ").map((word) => (word === "_" ? "" : word));
  const { out, code } = await cluster.fluxWords(["__completeNoDesc", ...typed]);
  expect({ out, code }).toEqual({ out: answer, code: 0 });
});

test("a cluster that does not answer gives no names, and says why on standard error", async () => {
  const { out, err, code } = await cluster.fluxWords(["__complete", "get", "ks", ""], {
    cluster: () => Promise.reject(new Error("connection refused")),
  });
  expect({ out, code }).toEqual({ out: ":1\n", code: 0 });
  expect(err).toBe("[Error] connection refused\nCompletion ended with directive: ShellCompDirectiveError\n");
});

test("contexts of the kubeconfig are completed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "completion-"));
  try {
    const contexts = ["kind-a", "kind-b", "prod"].map((name) => ({ name, context: { cluster: "c", user: "u" } }));
    writeFileSync(join(folder, "config"), JSON.stringify({ apiVersion: "v1", kind: "Config", contexts, clusters: [], users: [] }));
    const { out } = await cluster.fluxWords(["__completeNoDesc", "get", "ks", "--kubeconfig", join(folder, "config"), "--context", "kind"]);
    expect(out).toBe("kind-a\nkind-b\n:4\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const hasBash = (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, "bash")));

/** Lets a real bash complete a line: `flux` is a function that hands its words to the command here. */
async function completeInBash(line: string): Promise<readonly string[]> {
  const server = createServer((request, response) => {
    const words = JSON.parse(decodeURIComponent((request.url ?? "/").slice(1))) as readonly string[];
    void cluster.fluxWords(words).then(({ out }) => response.end(out));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const { out: script } = await cluster.flux("completion bash");
  const ask = `fetch("http://127.0.0.1:${port}/" + encodeURIComponent(JSON.stringify(process.argv.slice(1)))).then((answer) => answer.text()).then((text) => process.stdout.write(text))`;
  // bash splits a line at = itself, before it calls the function.
  const words = line
    .split(" ")
    .flatMap((word) => (word.includes("=") ? [word.split("=")[0] ?? "", "=", word.split("=")[1] ?? ""] : [word]));
  const program = `flux() { "$NODE" -e "$ASK" -- "$@"; }
eval "$SCRIPT"
complete -p flux >/dev/null || exit 1
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_flux
((\${#COMPREPLY[@]})) && printf '%s\\n' "\${COMPREPLY[@]}"; true`;
  try {
    return await new Promise<readonly string[]>((resolve, reject) => {
      const child = spawn("bash", ["--norc", "-c", program], {
        env: { ...process.env, NODE: process.execPath, ASK: ask, SCRIPT: script },
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.on("data", (piece: Buffer) => (output += piece.toString()));
      child.on("error", reject).on("close", () => resolve(output.split("\n").filter(Boolean)));
    });
  } finally {
    server.close();
  }
}

test.skipIf(!hasBash).each<readonly [line: string, completed: readonly string[]]>([
  ["flux get ks -n team-a ", ["apps", "web"]],
  ["flux get ks --namespace=tea", ["team-a"]],
  ["flux get ks --namespace=team-a w", ["web"]],
  ["flux recon", ["reconcile"]],
  ["flux build artifact --path ", []],
])("bash completes %s", async (line, completed) => {
  expect(await completeInBash(line)).toEqual(completed);
});
