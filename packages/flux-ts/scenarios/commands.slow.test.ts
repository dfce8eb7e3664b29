// SPDX-License-Identifier: Apache-2.0
// Commands against a cluster on which the controllers live, over HTTPS. Each test works in a namespace of its own.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createSshGitServer, generateSshKey } from "@flux-ts/testbed/git-server-ssh";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLivingLab, type LivingLab } from "./living-lab.ts";

let lab: LivingLab;

const configMap = (name: string, value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  value: "${value}"\n`;

const RELEASE = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
spec:
  interval: 10m
  chart:
    spec:
      chart: web
      sourceRef:
        kind: HelmRepository
        name: charts
`;

beforeAll(async () => {
  lab = await createLivingLab();
  lab.git.repository("app", {
    "deploy/one.yaml": configMap("one", "1"),
    "values/two.yaml": configMap("two", "${who:=nobody}"),
    "broken/kustomization.yaml": "resources: [missing.yaml]\n",
    "nested/release.yaml": RELEASE,
    "nested/one.yaml": configMap("beside", "1"),
  });
}, 60_000);

afterAll(() => lab[Symbol.asyncDispose]());

/** A namespace with the source `app` and Kustomizations of its folders, all created by the command. */
async function prepare(namespace: string, ...kustomizations: readonly string[]): Promise<void> {
  await lab.apply(`apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}\n`);
  const { code, err } = await lab.flux(`create source git app --url=${lab.git.url}/app.git --branch=main -n ${namespace}`);
  if (code !== 0) throw new Error(err);
  for (const words of kustomizations) {
    const made = await lab.flux(
      `create ks ${words} --source=GitRepository/app --prune --interval=10m --target-namespace=${namespace} -n ${namespace}`,
    );
    if (made.code !== 0) throw new Error(made.err);
  }
}

test("create makes a source and a Kustomization, waits for them, and changes them the second time", async () => {
  await lab.apply("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: creates\n");
  const source = `create source git app --url=${lab.git.url}/app.git --branch=main -n creates`;
  expect(await lab.flux(source)).toEqual({
    code: 0,
    out: "",
    err: `✚ generating GitRepository source
⚠️ insecure configuration: credentials configured for an HTTP URL
► applying GitRepository source
✔ GitRepository source created
◎ waiting for GitRepository source reconciliation
✔ GitRepository source reconciliation completed
✔ fetched revision: main@sha1:{commit}
`,
  });
  expect((await lab.flux(`${source} --interval=7m`)).err).toContain("✔ GitRepository source updated\n");
  expect(await lab.flux("create ks app --source=GitRepository/app --path=./deploy --prune --target-namespace=creates -n creates")).toEqual({
    code: 0,
    out: "",
    err: `✚ generating Kustomization
► applying Kustomization
✔ Kustomization created
◎ waiting for Kustomization reconciliation
✔ Kustomization app is ready
✔ applied revision main@sha1:{commit}
`,
  });
  expect(await lab.flux("create source git none --url=" + lab.git.url + "/app.git --branch=nope --timeout=4s -n creates")).toMatchObject({
    code: 1,
  });
});

test("get, in every form of output", async () => {
  await prepare("gets", "app --path=./deploy");
  await lab.flux("create ks broken --source=GitRepository/app --path=./broken --timeout=3s -n gets");
  const { out } = await lab.flux("get kustomizations -n gets");
  expect(out).toMatch(/^NAME \| REVISION \| SUSPENDED \| READY \| MESSAGE\n/);
  expect(out).toContain("app | main@sha1:{sha} | False | True | Applied revision: main@sha1:{sha}");
  expect(out).toMatch(/^broken \| False \| False \| kustomize build failed: /m);
  expect((await lab.flux("get ks --no-header --status-selector=ready=false -n gets")).out).toMatch(/^broken \| .*\n$/);
  expect((await lab.flux("get ks -o name -n gets")).out).toBe(
    "kustomization.kustomize.toolkit.fluxcd.io/app\nkustomization.kustomize.toolkit.fluxcd.io/broken\n",
  );
  expect(JSON.parse((await lab.flux("get ks app -o json -n gets")).out)).toMatchObject({
    kind: "Kustomization",
    metadata: { name: "app" },
  });
  expect(JSON.parse((await lab.flux("get ks -o json -n gets")).out)).toMatchObject({ kind: "List", items: [{}, {}] });
  expect((await lab.flux("get sources git app -o yaml -n gets")).out).toMatch(
    /^apiVersion: source.toolkit.fluxcd.io\/v1\nkind: GitRepository\n/,
  );
  const wide = (await lab.flux("get ks app -o wide -n gets")).out;
  expect(wide).toContain("AGE");
  expect(wide).toContain("GitRepository/gets/app");
  expect((await lab.flux("get all -n gets")).out).toContain("gitrepository/app");
});

test("get --watch prints what is there and what changes, until it is interrupted or the time is up", async () => {
  await prepare("watches", "app --path=./deploy");
  let isAsked = false;
  const watched = await lab.flux("get ks app --watch -n watches", {
    until(out) {
      if (!isAsked) {
        isAsked = true;
        void lab.flux("suspend ks app -n watches");
      }
      return /\tTrue *\tTrue/.test(out);
    },
  });
  expect(watched.out).toMatch(/app \| main@sha1:\{sha\} \| False \| True \|[^]*app \| main@sha1:\{sha\} \| True \| True \|/);
  expect(await lab.flux("get ks nope --watch --timeout=1s -n watches")).toEqual({
    code: 1,
    out: "",
    err: "✗ timed out waiting for the condition\n",
  });
  const events = await lab.flux("events --for=Kustomization/app --watch -n watches", {
    until: (out) => out.includes("NewArtifact") && out.includes("Reconciliation finished"),
  });
  expect(events.code).toBe(0);
  expect(events.out.split("\n")[0]).toMatch(/^LAST SEEN/);
});

test("events tell of an object and of what it is made from, the oldest first", async () => {
  await prepare("tells", "app --path=./deploy");
  const { out } = await lab.flux("events --for=Kustomization/app -n tells");
  expect(out.split("\n").slice(1, -1)).toEqual(
    [
      "{age} Normal | NewArtifact | GitRepository/app | stored artifact for commit 'commit 1'",
      "{age} Normal | Progressing | Kustomization/app | ConfigMap/tells/one created",
      "{age} Normal | ReconciliationSucceeded | Kustomization/app | Reconciliation {for}, next run in 10m0s",
    ].map((line) => expect.stringContaining(line.replace("Reconciliation {for}", "Reconciliation finished in {for}")) as string),
  );
  expect((await lab.flux("events --types=Warning -n tells")).err).toBe("✗ No events found in tells namespace.\n");
});

test("suspend, resume and reconcile, one and --all", async () => {
  await prepare("drives", "app --path=./deploy", "other --path=./values");
  expect(await lab.flux("suspend ks --all -n drives")).toEqual({
    code: 0,
    out: "",
    err: `► suspending kustomization app in drives namespace
✔ kustomization suspended
► suspending kustomization other in drives namespace
✔ kustomization suspended
`,
  });
  expect(await lab.flux("reconcile ks app -n drives")).toMatchObject({ code: 1, err: "✗ resource is suspended\n" });
  expect(await lab.flux("resume ks --all -n drives")).toEqual({
    code: 0,
    out: "",
    err: `► resuming kustomization app in drives namespace
✔ kustomization resumed
► resuming kustomization other in drives namespace
✔ kustomization resumed
`,
  });
  expect(await lab.flux("reconcile ks app --with-source -n drives")).toEqual({
    code: 0,
    out: "",
    err: `► annotating GitRepository app in drives namespace
✔ GitRepository annotated
◎ waiting for GitRepository reconciliation
✔ fetched revision main@sha1:{commit}
► annotating Kustomization app in drives namespace
✔ Kustomization annotated
◎ waiting for Kustomization reconciliation
✔ applied revision main@sha1:{commit}
`,
  });
});

test("tree shows what a Kustomization applied, and what its HelmReleases hold", async () => {
  await prepare("trees", "app --path=./nested");
  const release = { apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease", namespace: "trees", name: "web" };
  const time = "2026-01-01T00:00:00Z";
  const stored = { chartName: "web", chartVersion: "1.0.0", configDigest: "sha256:0", digest: "sha256:0", name: "web", namespace: "trees" };
  const history = [{ ...stored, version: 3, status: "deployed", firstDeployed: time, lastDeployed: time }];
  await lab.client.patch(release, { status: { storageNamespace: "trees", history } }, { type: "merge", subresource: "status" });
  const manifest =
    "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n";
  const packed = gzipSync(JSON.stringify({ name: "web", manifest })).toString("base64");
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { namespace: "trees", name: "sh.helm.release.v1.web.v3" } };
  await lab.client.create({ ...secret, type: "helm.sh/release.v1", data: { release: Buffer.from(packed).toString("base64") } });
  expect(await lab.flux("tree ks app -n trees")).toEqual({
    code: 0,
    out: `Kustomization/trees/app
├── ConfigMap/trees/beside
└── HelmRelease/trees/web
    ├── Service/trees/web
    └── Deployment/trees/web

`,
    err: "",
  });
  expect((await lab.flux("tree ks app --compact -n trees")).out).toBe("Kustomization/trees/app\n└── HelmRelease/trees/web\n\n");
  expect(JSON.parse((await lab.flux("tree ks app -o json -n trees")).out)).toMatchObject({
    resource: { Namespace: "trees", Name: "app", GroupKind: { Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization" } },
  });
});

test("tree artifact generator shows what it made", async () => {
  await lab.apply(`apiVersion: v1
kind: Namespace
metadata:
  name: generates
---
apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata:
  name: split
  namespace: generates
spec:
  sources:
  - {alias: app, kind: GitRepository, name: app}
  artifacts:
  - {name: front, copy: [{from: "@app/**", to: "@artifact/"}]}
status:
  inventory:
  - {name: front, namespace: generates, digest: "sha256:${"0".repeat(64)}", filename: a.tar.gz}
`);
  expect((await lab.flux("tree artifact generator split -n generates")).out).toBe(
    "ArtifactGenerator/generates/split\n└── ExternalArtifact/generates/front\n\n",
  );
});

test("trace leads from an object to the Kustomization and the source, by kind and by resource", async () => {
  await prepare("traces", "app --path=./deploy");
  const expected = `
Object:          ConfigMap/one
Namespace:       traces
Status:          Managed by Flux
---
Kustomization:   app
Namespace:       traces
Target:          traces
Path:            ./deploy
Revision:        main@sha1:{commit}
Status:          Last reconciled at {time} +0000 UTC
Message:         Applied revision: main@sha1:{commit}
---
GitRepository:   app
Namespace:       traces
URL:             {git}/app.git
Branch:          main
Revision:        main@sha1:{commit}
Status:          Last reconciled at {time} +0000 UTC
Message:         stored artifact for revision 'main@sha1:{commit}'
`;
  expect(await lab.flux("trace configmap one -n traces")).toEqual({ code: 0, out: expected, err: "" });
  expect((await lab.flux("trace one --kind=ConfigMap --api-version=v1 -n traces")).out).toBe(expected);
  expect((await lab.flux("trace configmap kube-root-ca.crt -n traces")).err).toContain("object not managed by Flux");
  expect((await lab.flux("trace configmap one --as=nobody -n traces")).err).toMatch(/^✗ x: configmaps "one" is forbidden: User "nobody" /);
});

test("debug kustomization tells the variables, with the inline ones winning, and the status", async () => {
  await lab.apply(`apiVersion: v1
kind: Namespace
metadata:
  name: debugs
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: vars
  namespace: debugs
data:
  who: configmap
  region: eu
---
apiVersion: v1
kind: Secret
metadata:
  name: vars
  namespace: debugs
stringData:
  region: secret
`);
  await lab.flux(`create source git app --url=${lab.git.url}/app.git --branch=main -n debugs`);
  await lab.apply(`apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: app
  namespace: debugs
spec:
  interval: 10m
  path: ./values
  prune: true
  targetNamespace: debugs
  sourceRef: {kind: GitRepository, name: app}
  postBuild:
    substitute: {who: inline}
    substituteFrom: [{kind: ConfigMap, name: vars}, {kind: Secret, name: vars}]
`);
  expect((await lab.flux("reconcile ks app -n debugs")).code).toBe(0);
  expect((await lab.flux("debug ks app --show-vars -n debugs")).out).toContain("region=secret\nwho=inline\n");
  const status = (await lab.flux("debug ks app --show-status -n debugs")).out;
  expect(status).toMatch(/^# Status documentation: .*\nconditions:\n/);
  expect(status).toContain("lastAppliedRevision: main@sha1:{commit}\n");
});

test("stats count the objects of every kind, and what their artifacts take", async () => {
  await prepare("counts", "app --path=./deploy");
  const { out } = await lab.flux("stats -n counts");
  expect(out).toMatch(/^RECONCILERS/);
  expect(out).toMatch(/^GitRepository \| 1 \| 0 \| 0 \| \d+(\.\d)? (B|KiB)$/m);
  expect(out).toMatch(/^Kustomization \| 1 \| 0 \| 0 \| -$/m);
});

test("migrate stores every object of Flux anew", async () => {
  await prepare("migrates", "app --path=./deploy");
  const { code, err } = await lab.flux("migrate");
  expect(code).toBe(0);
  expect(err).toMatch(/^► starting migration of custom resources\n/);
  expect(err).toContain("✔ GitRepository/migrates/app migrated to version v1\n");
  expect(err).toContain("✔ Kustomization/migrates/app migrated to version v1\n");
  expect(err).toMatch(/✔ custom resources migrated successfully\n$/);
  expect((await lab.flux("migrate --as=nobody")).err).toMatch(
    /^► starting migration of custom resources\n✗ failed to list CRDs: customresourcedefinitions.apiextensions.k8s.io is forbidden: User "nobody" /,
  );
});

test("export of all is what can be applied again", async () => {
  await prepare("exports", "app --path=./deploy");
  const exported = await lab.flux("export source git --all -n exports");
  expect(exported.out).toBe(`---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: app
  namespace: exports
spec:
  interval: 1m0s
  ref:
    branch: main
  timeout: 1m0s
  url: {git}/app.git
`);
});

test("delete asks, and what a Kustomization applied goes with it", async () => {
  await prepare("deletes", "app --path=./deploy");
  expect(await lab.flux("delete ks app -n deletes", { answer: "n" })).toEqual({ code: 1, out: "", err: "✗ aborting\n" });
  expect(await lab.flux("delete ks app -n deletes", { answer: "y" })).toEqual({
    code: 0,
    out: "",
    err: "► deleting kustomization app in deletes namespace\n✔ kustomization deleted\n",
  });
  expect(await lab.flux("delete ks app -s -n deletes")).toMatchObject({ code: 1 });
});

test.each<readonly [kind: string, words: string]>([
  ["Provider", "create alert-provider x1 --type=slack --address=https://hooks.example.com/x"],
  ["Alert", "create alert x1 --provider-ref=x1 --event-source=Kustomization/*"],
])("create makes a %s, which nobody has to reconcile", async (kind, words) => {
  await lab.apply("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: static\n");
  const made = await lab.flux(`${words} -n static`);
  expect(made.code).toBe(0);
  expect(
    await lab.client.find({ apiVersion: "notification.toolkit.fluxcd.io/v1beta3", kind, namespace: "static", name: "x1" }),
  ).toBeDefined();
});

test.each<readonly [apiVersion: string, kind: string, words: string]>([
  ["source.toolkit.fluxcd.io/v1", "HelmRepository", "create source helm x1 --url=https://charts.example.com"],
  ["source.toolkit.fluxcd.io/v1", "OCIRepository", "create source oci x1 --url=oci://example.com/a --tag=v1"],
  ["source.toolkit.fluxcd.io/v1", "Bucket", "create source bucket x1 --bucket-name=b --endpoint=s3.example.com"],
  ["source.toolkit.fluxcd.io/v1", "HelmChart", "create source chart x1 --source=HelmRepository/x1 --chart=c"],
  ["helm.toolkit.fluxcd.io/v2", "HelmRelease", "create hr x1 --source=HelmRepository/x1 --chart=c"],
  ["notification.toolkit.fluxcd.io/v1", "Receiver", "create receiver x1 --type=github --secret-ref=s --resource=GitRepository/app"],
  ["image.toolkit.fluxcd.io/v1", "ImageRepository", "create image repository x1 --image=example.com/org/a"],
  ["image.toolkit.fluxcd.io/v1", "ImagePolicy", "create image policy x1 --image-ref=x1 --select-semver=1.x"],
  [
    "image.toolkit.fluxcd.io/v1",
    "ImageUpdateAutomation",
    "create image update x1 --git-repo-ref=app --checkout-branch=main --author-name=a --author-email=a@example.com",
  ],
])("create makes a %s %s, and says that nobody reconciled it in time", async (apiVersion, kind, words) => {
  await lab.apply("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: unattended\n");
  const { code, err } = await lab.flux(`${words} --timeout=1s -n unattended`);
  expect(code).toBe(1);
  expect(err).toMatch(/✗ .*(context deadline exceeded|timed out)/);
  expect(await lab.client.find({ apiVersion, kind, namespace: "unattended", name: "x1" })).toMatchObject({ metadata: { name: "x1" } });
});

test("create secret git records the key that a real SSH server shows", async () => {
  await lab.apply("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: secrets\n");
  await using ssh = await createSshGitServer(lab.git.folder, {
    hostKeys: [generateSshKey("ed25519"), generateSshKey("ecdsa")],
    acceptsAnyKey: true,
  });
  const url = `ssh://git@127.0.0.1:${ssh.port}/app.git`;
  const made = await lab.flux(`create secret git ssh --url=${url} --ssh-key-algorithm=ecdsa --ssh-ecdsa-curve=p384 -n secrets`);
  expect(made.code).toBe(0);
  expect(made.err).toMatch(/^✚ deploy key: ecdsa-sha2-nistp384 \S+\n+► git secret 'ssh' created in 'secrets' namespace\n$/);
  const secret = await lab.client.get<{ readonly data: Readonly<Record<string, string>> } & Awaited<ReturnType<typeof lab.client.get>>>({
    apiVersion: "v1",
    kind: "Secret",
    namespace: "secrets",
    name: "ssh",
  });
  const text = (key: string): string => Buffer.from(secret.data[key] ?? "", "base64").toString();
  expect(Object.keys(secret.data).toSorted()).toEqual(["identity", "identity.pub", "known_hosts"]);
  // Of several keys the one that Go's client asks for first.
  expect(text("known_hosts")).toMatch(new RegExp(`^\\[127\\.0\\.0\\.1\\]:${ssh.port} ecdsa-sha2-nistp256 \\S+$`));
  // What was made opens the door: a source that uses it is fetched.
  const source = await lab.flux(`create source git ssh --url=${url} --branch=main --secret-ref=ssh -n secrets`);
  expect(source).toMatchObject({ code: 0, err: expect.stringContaining("✔ fetched revision: main@sha1:{commit}\n") as string });
  const nobody = await lab.flux("create secret git none --url=ssh://git@127.0.0.1:1/app.git -n secrets");
  expect(nobody.err).toMatch(/^✗ SSH key scan for host 127\.0\.0\.1:1 failed, error: /);
});

test("create tenant makes namespaces, accounts and bindings, and changes them the second time", async () => {
  const first = await lab.flux("create tenant team --with-namespace=team-x --with-namespace=team-y --cluster-role=edit");
  expect(first).toMatchObject({ code: 0 });
  expect(first.err).toContain("✔ tenant setup completed\n");
  for (const namespace of ["team-x", "team-y"]) {
    expect(
      await lab.client.get({ apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", namespace, name: "team-reconciler" }),
    ).toMatchObject({ roleRef: { kind: "ClusterRole", name: "edit" }, metadata: { labels: { "toolkit.fluxcd.io/tenant": "team" } } });
  }
  expect(await lab.flux("create tenant team --with-namespace=team-x --cluster-role=view")).toMatchObject({ code: 0 });
});

test("build artifact packs a folder that a source could have made", async () => {
  writeFileSync(join(lab.folder, "plain.yaml"), configMap("plain", "1"));
  expect(await lab.flux("build artifact --path=plain.yaml --output=plain.tgz")).toEqual({
    code: 0,
    out: "",
    err: "► building artifact from plain.yaml\n✔ artifact created at plain.tgz\n",
  });
});
