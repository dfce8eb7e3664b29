// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { condition, createTestCluster, gitRepository, kustomization } from "./test-cluster.ts";

const SHA = "0123456789abcdef0123456789abcdef01234567";
const ready = {
  conditions: [condition("True", "Succeeded", `Applied revision: main@sha1:${SHA}`)],
  lastAppliedRevision: `main@sha1:${SHA}`,
};

describe("flux get (spec §4.3)", () => {
  test("the default table cuts commits and pads as Flux does", async () => {
    await using cluster = await createTestCluster();
    await cluster.add(
      {
        ...kustomization("web"),
        status: ready,
      },
      kustomization("new"),
    );
    expect((await cluster.flux("get ks")).out).toBe(
      "NAME\tREVISION          \tSUSPENDED\tREADY\tMESSAGE                              \n" +
        "new \t                  \tFalse    \tFalse\twaiting to be reconciled            \t\n" +
        "web \tmain@sha1:01234567\tFalse    \tTrue \tApplied revision: main@sha1:01234567\t\n",
    );
  });

  test("-A adds the namespace, --show-source what it is made from", async () => {
    await using cluster = await createTestCluster();
    await cluster.add(kustomization("web"));
    expect((await cluster.flux("get ks -A --show-source --no-header")).out).toMatch(/^flux-system\tweb\tGitRepository\/flux-system\/app\t/);
  });

  test("-o wide adds columns and changes none (D-4)", async () => {
    await using cluster = await createTestCluster();
    await cluster.add(kustomization("web", { dependsOn: [{ name: "db" }, { name: "dns", namespace: "net" }] }));
    const { out } = await cluster.flux("get ks web -o wide");
    const [header = "", row = ""] = out.split("\n").map((line) =>
      line
        .split("\t")
        .map((cell) => cell.trim())
        .join("|"),
    );
    expect(header).toBe("NAME|REVISION|SUSPENDED|READY|MESSAGE|PATH|SOURCE|DEPENDS-ON|AGE");
    expect(row).toBe("web||False|False|waiting to be reconciled|./deploy|GitRepository/flux-system/app|db,net/dns|0s|");
  });

  test("-o json and yaml print the objects, one alone as itself (D-4)", async () => {
    await using cluster = await createTestCluster();
    await cluster.add(kustomization("web"));
    const list = JSON.parse((await cluster.flux("get ks -o json")).out) as { readonly kind: string; readonly items: readonly unknown[] };
    expect(list).toMatchObject({ apiVersion: "v1", kind: "List", items: [{ kind: "Kustomization", metadata: { name: "web" } }] });
    expect((await cluster.flux("get ks web -o yaml")).out).toMatch(
      /^apiVersion: kustomize.toolkit.fluxcd.io\/v1\nkind: Kustomization\nmetadata:\n/,
    );
    expect((await cluster.flux("get ks -o table")).err).toBe(
      '✗ invalid argument "table" for "-o, --output" flag: must be one of: wide, json, yaml, name\n',
    );
  });

  test("get all prints a table for each kind that there is, with an empty line after it", async () => {
    await using cluster = await createTestCluster();
    await cluster.add(gitRepository("app"), kustomization("web"));
    const { code, out, err } = await cluster.flux("get all");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.split("\n").map((line) => line.split("\t")[0]?.trim())).toEqual([
      "NAME",
      "gitrepository/app",
      "",
      "NAME",
      "kustomization/web",
      "",
      "",
    ]);
    expect((await cluster.flux("get all -o name")).out).toBe(
      "gitrepository.source.toolkit.fluxcd.io/app\nkustomization.kustomize.toolkit.fluxcd.io/web\n",
    );
    expect((await cluster.flux("get all -w")).err).toBe("✗ expected a single resource type, but found all\n");
  });

  test.each([
    ["get ks", '✗ no Kustomization objects found in "flux-system" namespace\n'],
    ["get ks -A", "✗ no Kustomization objects found in any namespace\n"],
    ["get ks nope", "✗ Kustomization object 'nope' not found in \"flux-system\" namespace\n"],
    ["get sources git -n Web", '✗ namespace must be a valid DNS label: "Web"\n'],
    ["get ks -l a=b=c", /^✗ unable to parse label selector: /],
  ])("%s fails", async (words, expected) => {
    await using cluster = await createTestCluster();
    const { code, out, err } = await cluster.flux(words);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(expected);
  });

  test("--watch prints what is there and what changes, the header once, until it is interrupted", async () => {
    await using cluster = await createTestCluster();
    await cluster.add(gitRepository("app"));
    const stop = new AbortController();
    let added: Promise<void> | undefined;
    const { code, out } = await cluster.flux("get sources git -w", {
      signal: stop.signal,
      onOutput: (soFar) => {
        if (soFar.includes("second")) stop.abort(new Error("interrupted"));
        else added ??= cluster.add(gitRepository("second"));
      },
    });
    await added;
    expect(code).toBe(1);
    expect(out.split("\n").map((line) => line.split("\t")[0]?.trim())).toEqual(["NAME", "app", "second", ""]);
  });

  test("the namespace is the flag's, else the context's when asked, else the environment's", async () => {
    await using cluster = await createTestCluster();
    const namespaceIn = async (words: string, env: Readonly<Record<string, string>> = {}): Promise<string | undefined> =>
      /in "([^"]*)"/.exec((await cluster.flux(words, { env })).err)?.[1];
    expect(await namespaceIn("get ks")).toBe("flux-system");
    expect(await namespaceIn("get ks", { FLUX_SYSTEM_NAMESPACE: "env" })).toBe("env");
    expect(await namespaceIn("get ks --ns-follows-kube-context", { FLUX_SYSTEM_NAMESPACE: "env" })).toBe("of-the-context");
    expect(await namespaceIn("get ks", { FLUX_NS_FOLLOWS_KUBE_CONTEXT: "1" })).toBe("of-the-context");
    expect(await namespaceIn("get ks -n web", { FLUX_NS_FOLLOWS_KUBE_CONTEXT: "1" })).toBe("web");
    expect((await cluster.flux("get ks", { env: { FLUX_SYSTEM_NAMESPACE: "Env" } })).err).toContain(
      '⚠️  ignoring invalid FLUX_SYSTEM_NAMESPACE: "Env"\n',
    );
  });
});
