// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestClock } from "@flux-ts/testbed/clock";
import type { ApiServer } from "../server.ts";
import { createApiServer } from "../server.ts";

type Body = Readonly<Record<string, unknown>>;

const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
const MERGE = "application/merge-patch+json";
const STRATEGIC = "application/strategic-merge-patch+json";
const APPLY = "application/apply-patch+yaml";
let server: ApiServer;

beforeEach(async () => {
  server = createApiServer({ clock: new TestClock(), random: () => 0.5 });
  const template = { metadata: { labels: { app: "a" } }, spec: { containers: [{ name: "c", image: "i:1" }] } };
  await send("POST", DEPLOYMENTS, "application/json", {
    metadata: { name: "a" },
    spec: { selector: { matchLabels: { app: "a" } }, template },
  });
});
afterEach(() => server.close());

async function send(method: string, path: string, contentType: string, body: Body, query: Record<string, string> = {}) {
  const answer = await server.transport({ method, path, query, headers: { "content-type": contentType }, body });
  const object = answer.object as {
    readonly message?: string;
    readonly details?: { readonly causes?: readonly { readonly field?: string }[] };
  };
  return { status: answer.status, message: object.message ?? "", causes: object.details?.causes ?? [], object };
}

test.each<[patch: Body, problem: string]>([
  [{ spec: { replicas: "many" } }, "unrecognized type: int32"],
  [{ spec: { paused: "yes" } }, "unrecognized type: bool"],
  [{ spec: { template: { metadata: { name: 1 } } } }, "cannot convert int64 to string"],
  [{ spec: { template: { spec: { dnsPolicy: 1 } } } }, "cannot convert int64 to v1.DNSPolicy"],
  [{ metadata: { annotations: "x" } }, "cannot restore map from string"],
  [{ spec: { template: { spec: "x" } } }, "cannot restore struct from: string"],
])("a strategic patch that makes no object of the kind is told with the patch itself: %j", async (patch, problem) => {
  const { status, message } = await send("PATCH", `${DEPLOYMENTS}/a`, STRATEGIC, patch);
  expect(status).toBe(422);
  expect(message).toMatch(/^ "" is invalid: patch: Invalid value: "map\[/);
  expect(message.endsWith(`": ${problem}`)).toBe(true);
});

test("a merge patch that makes no object of the kind is told with what it made: sorted where the patch was at work", async () => {
  const { message } = await send("PATCH", `${DEPLOYMENTS}/a`, MERGE, { spec: { paused: "yes" } });
  const shown = /Invalid value: "(.*)": json: cannot unmarshal string into Go struct field DeploymentSpec.spec.paused of type bool$/.exec(
    message,
  );
  const made = JSON.parse(JSON.parse(`"${shown?.[1] ?? ""}"`) as string) as Record<string, Record<string, unknown>>;
  expect(Object.keys(made)).toEqual(["apiVersion", "kind", "metadata", "spec", "status"]);
  expect(Object.keys(made["spec"] ?? {})).toEqual(Object.keys(made["spec"] ?? {}).toSorted());
  expect(Object.keys(made["metadata"] ?? {})[0]).toBe("name");
});

test.each<[kind: string, path: string, causes: number]>([
  // The server looks at it twice; besides, Deployments look at the change, ConfigMaps at the change and the whole, budgets at neither.
  ["Deployment", "/apis/apps/v1/namespaces/default/deployments", 3],
  ["ConfigMap", "/api/v1/namespaces/default/configmaps", 4],
  ["PodDisruptionBudget", "/apis/policy/v1/namespaces/default/poddisruptionbudgets", 2],
])("a bad label in an update of a %s is told as often as somebody looks", async (kind, path, count) => {
  if (kind !== "Deployment") await send("POST", path, "application/json", { metadata: { name: "a" } });
  const { causes } = await send("PATCH", `${path}/a`, MERGE, { metadata: { labels: { x: "not valid" } } });
  expect(causes.filter(({ field }) => field === "metadata.labels")).toHaveLength(count);
});

test("an owner twice in a patch is kept once, with the words for patches", async () => {
  const owner = { apiVersion: "v1", kind: "ConfigMap", name: "x", uid: "u" };
  const body = { metadata: { ownerReferences: [owner, owner] } };
  const answer = await server.transport({ method: "PATCH", path: `${DEPLOYMENTS}/a`, headers: { "content-type": MERGE }, body });
  expect(String(answer.headers["warning"])).toContain("duplicate entries after mutating admission happens");
  expect(answer.object).toMatchObject({ metadata: { ownerReferences: [owner] } });
});

test("an apply may leave out the key of an item where Go always writes it: validation then says what is missing", async () => {
  const body = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "a" },
    spec: { template: { spec: { containers: [{ image: "i" }] } } },
  };
  const { status, message } = await send("PATCH", `${DEPLOYMENTS}/a`, APPLY, body, { fieldManager: "m" });
  expect([status, message]).toEqual([422, 'Deployment.apps "a" is invalid: spec.template.spec.containers[1].name: Required value']);
});

test.each<[metadata: Body, status: number, message: string]>([
  [{}, 200, ""],
  [{ name: "b" }, 400, "the name of the object (b) does not match the name on the URL (a)"],
  [{ name: "b", managedFields: [{}] }, 400, "metadata.managedFields must be nil"],
  [
    { name: 5 },
    500,
    "failed to create typed patch object (/; apps/v1, Kind=Deployment): .metadata.name: expected string, got &value.valueUnstructured{Value:5}",
  ],
])("an apply with metadata %j to an object that is there", async (metadata, status, message) => {
  const body = { apiVersion: "apps/v1", kind: "Deployment", metadata };
  expect(await send("PATCH", `${DEPLOYMENTS}/a`, APPLY, body, { fieldManager: "m" })).toMatchObject({ status, message });
});

test("an apply of an object of the cluster may name a namespace, again and again", async () => {
  const path = "/apis/storage.k8s.io/v1/storageclasses/a";
  const body = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "a", namespace: "x" }, provisioner: "p" };
  for (const status of [201, 200, 200]) {
    const answer = await send("PATCH", path, APPLY, body, { fieldManager: "m" });
    expect(answer.status).toBe(status);
    expect(answer.object).not.toHaveProperty("metadata.namespace");
  }
});

test.each([
  [`${DEPLOYMENTS}/a`, "PartialObjectMetadataList", "PartialObjectMetadataList, but the requested object is not a list (*apps.Deployment)"],
  [DEPLOYMENTS, "PartialObjectMetadata", "PartialObjectMetadata, but the requested object is a list (*apps.DeploymentList)"],
])("metadata of a list is not metadata of an object: GET %s as %s", async (path, as, message) => {
  const accept = `application/json;as=${as};v=v1;g=meta.k8s.io`;
  const answer = await server.transport({ method: "GET", path, headers: { accept } });
  expect(answer).toMatchObject({ status: 406, object: { message: `you requested ${message}` } });
});
