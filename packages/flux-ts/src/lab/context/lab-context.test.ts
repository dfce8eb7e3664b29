// SPDX-License-Identifier: Apache-2.0
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { systemClock } from "@flux-ts/kube-client";
import { isJsonObject, parseYaml, type JsonObject } from "@flux-ts/kube-core";
import { TestClock } from "@flux-ts/testbed/clock";
import { expect, onTestFinished, test } from "vitest";
import { kubeconfigFiles } from "./kubeconfig-file.ts";
import { mergeContext, removeContext, requireOwnContext } from "./lab-context.ts";

const clock = systemClock();
const context = { name: "kind-one", owner: "/state/one" };
const own: JsonObject = {
  clusters: [{ name: "x", cluster: { server: "https://127.0.0.1:1" } }],
  users: [{ name: "x", user: { token: "t" } }],
  contexts: [{ name: "x", context: { cluster: "x", user: "x" } }],
};
const others = `apiVersion: v1
kind: Config
preferences: {colors: true}
clusters: [{name: prod, cluster: {server: "https://prod"}}]
users: [{name: prod, user: {token: secret}}]
contexts: [{name: prod, context: {cluster: prod, user: prod, namespace: apps}}]
current-context: prod
x-mine: kept
`;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "lab-context-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function read(path: string): JsonObject {
  const value = parseYaml(readFileSync(path, "utf8"));
  if (!isJsonObject(value)) throw new Error(`${path} is not a mapping`);
  return value;
}

const names = (config: JsonObject, list: string): unknown => (config[list] as readonly JsonObject[]).map(({ name }) => name);

test("the lab's entries come beside what is there, for the owner alone, and the context is the current one", async () => {
  const path = join(folder(), "sub", "config");
  mkdirSync(join(path, ".."));
  writeFileSync(path, others, { mode: 0o644 });
  expect(await mergeContext([path], context, own, clock)).toBe(path);
  const merged = read(path);
  for (const list of ["clusters", "users", "contexts"]) expect(names(merged, list)).toEqual(["prod", "kind-one"]);
  expect(merged).toMatchObject({ "current-context": "kind-one", "x-mine": "kept", preferences: { colors: true } });
  expect(merged["contexts"]).toMatchObject([{ context: { namespace: "apps" } }, { context: { cluster: "kind-one", user: "kind-one" } }]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(path, ".."))).toEqual(["config"]);

  // Again, with another address: in its place, once.
  await mergeContext([path], context, { ...own, clusters: [{ name: "x", cluster: { server: "https://127.0.0.1:2" } }] }, clock);
  expect(names(read(path), "clusters")).toEqual(["prod", "kind-one"]);
  expect(JSON.stringify(read(path))).not.toContain("127.0.0.1:1");

  expect(await removeContext([path], context, clock)).toEqual([path]);
  const left = read(path);
  for (const list of ["clusters", "users", "contexts"]) expect(names(left, list)).toEqual(["prod"]);
  expect(left["current-context"]).toBe("");
  expect(await removeContext([path], context, clock)).toEqual([]);
});

test("a current context that is somebody else's stays when the lab goes", async () => {
  const path = join(folder(), "config");
  writeFileSync(path, others);
  await mergeContext([path], context, own, clock);
  writeFileSync(path, readFileSync(path, "utf8").replace("current-context: kind-one", "current-context: prod"));
  await removeContext([path], context, clock);
  expect(read(path)["current-context"]).toBe("prod");
});

test.each(["clusters", "users", "contexts"])(
  "a name of %s that the lab did not put there is refused, and nothing changes",
  async (list) => {
    const path = join(folder(), "config");
    const field = { clusters: "cluster", users: "user", contexts: "context" }[list] ?? "";
    const text = `${list}: [{name: kind-one, ${field}: {extensions: [{name: lab.flux-ts.dev, extension: {folder: /state/other}}]}}]\n`;
    writeFileSync(path, text);
    expect(() => requireOwnContext([path], context)).toThrow(`its ${list} have one of that name`);
    await expect(mergeContext([path], context, own, clock)).rejects.toMatchObject({ code: "FOREIGN_CONTEXT" });
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(await removeContext([path], context, clock)).toEqual([]);
    expect(readFileSync(path, "utf8")).toBe(text);
  },
);

test.each([
  ["not YAML", "a: [", "it is not YAML"],
  ["a list", "- a", "it is not a mapping"],
  ["another kind", "kind: Pod", "it is not a kubeconfig"],
  ["a list that is none", "clusters: {secret: 1}", "clusters is not a list"],
])("a file that is %s is left as it is, and not shown", async (_, text, why) => {
  const path = join(folder(), "config");
  writeFileSync(path, text);
  const error = await mergeContext([path], context, own, clock).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "BAD_KUBECONFIG" });
  expect(String(error)).toContain(why);
  expect(String(error)).not.toContain("secret");
  expect(readFileSync(path, "utf8")).toBe(text);
});

test("of several files the first that is there is written, else the last; the first that names a current context has it changed", async () => {
  const base = folder();
  const [missing, first, second] = ["missing", "first", "second"].map((name) => join(base, name)) as [string, string, string];
  const files = kubeconfigFiles({ KUBECONFIG: [missing, first, second].join(delimiter) }, "/home/me");
  expect(files).toEqual([missing, first, second]);
  expect(kubeconfigFiles({}, "/home/me")).toEqual([join("/home/me", ".kube", "config")]);
  expect(await mergeContext(files, context, own, clock)).toBe(second);

  writeFileSync(first, "current-context: prod\n");
  expect(await mergeContext(files, context, own, clock)).toBe(second);
  expect(read(first)["current-context"]).toBe("kind-one");
  await removeContext(files, context, clock);
  expect([read(first)["current-context"], read(second)["current-context"]]).toEqual(["", ""]);
  expect(existsSync(missing)).toBe(false);
});

test("a link to the file stays a link", async () => {
  const base = folder();
  writeFileSync(join(base, "real"), others);
  symlinkSync(join(base, "real"), join(base, "config"));
  await mergeContext([join(base, "config")], context, own, clock);
  expect(lstatSync(join(base, "config")).isSymbolicLink()).toBe(true);
  expect(names(read(join(base, "real")), "contexts")).toEqual(["prod", "kind-one"]);
});

test("many at once all get in; a lock that nobody gives back is told", async () => {
  const path = join(folder(), "config");
  const all = ["one", "two", "three", "four"].map((name) => ({ name: `kind-${name}`, owner: `/state/${name}` }));
  await Promise.all(all.map((each) => mergeContext([path], each, own, clock)));
  expect(new Set(names(read(path), "contexts") as string[])).toEqual(new Set(all.map(({ name }) => name)));

  writeFileSync(`${path}.lock`, "");
  const test = new TestClock();
  const before = readFileSync(path, "utf8");
  const waiting = removeContext([path], { name: "kind-two", owner: "/state/two" }, test).catch((thrown: unknown) => thrown);
  for (let at = 0; at < 200; at += 1) {
    test.advanceTo(test.now() + 50);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await waiting).toMatchObject({ code: "KUBECONFIG_LOCKED" });
  expect(readFileSync(path, "utf8")).toBe(before);
});

test("names of JavaScript's own are plain names", async () => {
  const path = join(folder(), "config");
  writeFileSync(
    path,
    `contexts: [{name: __proto__, context: {cluster: constructor, user: u}}]\nusers: [{name: constructor, user: {token: a}}]\n`,
  );
  await mergeContext([path], context, own, clock);
  expect(names(read(path), "contexts")).toEqual(["__proto__", "kind-one"]);
  expect(names(read(path), "users")).toEqual(["constructor", "kind-one"]);
});
