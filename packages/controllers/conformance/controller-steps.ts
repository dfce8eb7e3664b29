// SPDX-License-Identifier: Apache-2.0
// An interpreter of the corpus' steps: one method for each kind of step.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "@flux-ts/kube-core";
import type { World } from "@flux-ts/testbed/world";
import type { TreeEntry } from "@flux-ts/toolkit/artifact";
import { treeOf } from "@flux-ts/toolkit/artifact";
import type { ArtifactServer } from "./artifact-server.ts";
import { readEntries } from "./artifact-server.ts";
import { judge } from "./condition-calls.ts";
import { evaluate, keyOf, member, sizeOf } from "./go-expression.ts";

/** A step of a case of Flux' own controller tests. @see flux/README.md of the corpus */
export interface GoStep {
  readonly call?: string;
  readonly on?: unknown;
  readonly args?: readonly unknown[];
  readonly as?: string;
  readonly expect?: string;
  readonly to?: readonly unknown[];
  readonly not?: readonly unknown[];
  readonly eventually?: readonly GoStep[];
  readonly value?: unknown;
  readonly section?: string;
  readonly steps?: readonly GoStep[];
  readonly if?: string;
  readonly thenExits?: string;
  readonly thenReturn?: unknown;
  readonly then?: readonly GoStep[];
  readonly else?: readonly GoStep[];
  readonly set?: string;
  readonly let?: string;
  readonly forEach?: string;
  readonly each?: string;
  readonly do?: readonly GoStep[];
}

/** A variable that a call may change. */
interface Holder {
  current: unknown;
}

/** Where the test's own server would be. Nothing is fetched from it. */
const SERVER = "http://127.0.0.1:9";

type Json = Readonly<Record<string, unknown>>;

/** What an eventual expectation may take. */
const PATIENCE_MS = 90_000;

/** Leaves a loop, or a function of the case. */
class Exit extends Error {
  readonly what: string;
  readonly value: unknown;

  constructor(what: string, value: unknown, why: string) {
    super(`the case ends early: ${why}`);
    this.what = what;
    this.value = value;
  }
}

/** Runs the steps of one case against a world. */
export class StepRunner {
  readonly #world: World;
  readonly #server: ArtifactServer;
  readonly #fixtures: string;
  readonly #configure: (setting: string, value: unknown) => void;
  readonly #scope = new Map<string, Holder>();
  readonly #digests = new Map<string, string>();

  /** @param configure what a setting of Go's reconciler is here */
  constructor(world: World, server: ArtifactServer, fixtures: string, configure: (setting: string, value: unknown) => void) {
    this.#configure = configure;
    this.#world = world;
    this.#server = server;
    this.#fixtures = fixtures;
  }

  /** @throws {Error} at the first step that does not hold */
  async run(steps: readonly GoStep[]): Promise<void> {
    for (const step of steps) await this.#take(step);
  }

  async #take(step: GoStep): Promise<void> {
    if (step.call !== undefined) await this.#call(step);
    else if (step.eventually !== undefined) await this.#eventually(step, step.eventually);
    else if (step.expect !== undefined) this.#expect(this.#evaluate(step.expect), step, step.expect);
    else if (step.steps !== undefined) await this.run(step.steps);
    else if (step.if !== undefined) await this.#branch(step, step.if);
    else if (step.set !== undefined) this.#set(step.set, this.#resolve(step.value));
    else if (step.let !== undefined) this.#scope.set(step.let, { current: this.#resolve(step.value) });
    else if (step.forEach !== undefined) await this.#forEach(step, step.forEach);
    else throw new Error(`step not understood: ${Object.keys(step).join(",")}`);
  }

  async #branch(step: GoStep, condition: string): Promise<void> {
    if (this.#evaluate(condition) !== true) return this.run(step.else ?? []);
    await this.run(step.then ?? []);
    if (step.thenExits === undefined) return;
    throw new Exit(step.thenExits, this.#resolve(step.thenReturn), `${condition}: ${this.#errorsIn(condition)}`);
  }

  #errorsIn(condition: string): string {
    const names = condition.match(/[a-z]\d+/g) ?? [];
    return names.map((name) => show(this.#scope.get(name)?.current)).join(", ");
  }

  async #forEach(step: GoStep, list: string): Promise<void> {
    const items = this.#evaluate(list);
    for (const [key, each] of (Array.isArray(items) ? (items as unknown[]) : []).entries()) {
      this.#scope.set("each", { current: each });
      this.#scope.set("key", { current: key });
      try {
        await this.run(step.do ?? []);
      } catch (error) {
        // A break left another loop, that the corpus does not have.
        if (!(error instanceof Exit) || error.what === "return") throw error;
      }
    }
  }

  /** Lets time pass until it holds. */
  async #eventually(step: GoStep, steps: readonly GoStep[]): Promise<void> {
    const end = this.#world.clock.now() + PATIENCE_MS;
    await this.#world.settle();
    for (;;) {
      try {
        const value = await this.#valueOf(steps, step.value);
        this.#expect(value, step, JSON.stringify(step.value));
        return;
      } catch (error) {
        if (this.#world.clock.now() >= end) throw error;
        await this.#world.advance("200ms");
      }
    }
  }

  async #valueOf(steps: readonly GoStep[], value: unknown): Promise<unknown> {
    try {
      await this.run(steps);
    } catch (error) {
      if (error instanceof Exit && error.what === "return") return error.value;
      throw error;
    }
    return this.#resolve(value);
  }

  #expect(given: unknown, { to, not }: GoStep, what: string): void {
    const found = unwrap(given);
    if (to !== undefined && !this.#matches(found, to)) throw new Error(`${what} is ${show(found)}, expected ${show(to)}`);
    if (not !== undefined && this.#matches(found, not)) throw new Error(`${what} is ${show(found)}, expected not ${show(not)}`);
  }

  #matches(found: unknown, [name, ...given]: readonly unknown[]): boolean {
    const rest = given.map((value) => unwrap(this.#resolve(value)));
    const [wanted, second] = rest;
    switch (name) {
      case "HaveOccurred":
        return found instanceof Error;
      case "Succeed":
      case "BeNil":
        return found === undefined || found === null;
      case "BeTrue":
        return found === true;
      case "BeFalse":
        return found !== true;
      case "BeEmpty":
        return sizeOf(found) === 0;
      case "BeZero":
        return found === undefined || found === "" || found === 0 || found === null;
      case "HaveLen":
        return sizeOf(found) === wanted;
      case "ContainSubstring":
        return String(found).includes(printf(rest));
      case "HavePrefix":
        return String(found).startsWith(printf(rest));
      case "HaveKey":
        return typeof found === "object" && found !== null && Object.hasOwn(found, String(wanted));
      case "HaveKeyWithValue":
        return (found as Json | undefined)?.[String(wanted)] === second;
      case "ContainElements":
        return [wanted, second].flat().every((each) => each === undefined || Object.values((found ?? {}) as object).includes(each));
      case "ConsistOf":
        return isDeepStrictEqual([...(found as unknown[])].toSorted(), rest.flat().toSorted());
      case "BeNumerically":
        return compare(Number(found), String(wanted), Number(second));
      case "Equal":
      case "BeIdenticalTo":
      case "BeEquivalentTo":
        return isDeepStrictEqual(found ?? zeroLike(wanted), wanted ?? zeroLike(found));
      default:
        throw new Error(`matcher ${String(name)} is not known`);
    }
  }

  /** Names of the corpus that stand for something of the test itself are themselves. */
  #evaluate(given: string): unknown {
    const expression = this.#fill(given);
    if (expression === "now") return this.#now();
    if (expression === "testServer.URL()") return SERVER;
    if (/^[\w.-]+\.[\w-]+\/|^digest\.|^(kubeConfig|testEnv)\b/.test(expression)) return expression;
    return evaluate(expression, (name) => {
      const holder = this.#scope.get(name);
      return holder === undefined ? undefined : wrapResult(holder.current);
    });
  }

  #now(): string {
    return new Date(this.#world.clock.now()).toISOString().replace(/\.\d+Z$/, "Z");
  }

  #resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each: unknown) => this.#resolve(each));
    if (typeof value === "string") return this.#fill(value);
    if (typeof value !== "object" || value === null) return value;
    const object = value as Json;
    if ("$obj" in object) {
      const holder = { current: this.#resolve(object["$value"]) };
      this.#scope.set(String(object["$obj"]), holder);
      return holder;
    }
    if ("$" in object) {
      const expression = String(object["$"]);
      return this.#scope.get(expression) ?? this.#evaluate(expression);
    }
    if ("$call" in object) return String((object["args"] as unknown[] | undefined)?.[0] ?? "");
    return Object.fromEntries(Object.entries(object).map(([key, field]) => [key, unwrap(this.#resolve(field))]));
  }

  #fill(text: string): string {
    return text.replace(/⟦([^⟧]*)⟧/g, (_, inner: string) => String(unwrap(this.#evaluate(inner))));
  }

  #set(path: string, value: unknown): void {
    if (path.startsWith("reconciler.")) return this.#configure(path.slice("reconciler.".length), unwrap(value));
    const [name = "", ...fields] = (path.match(/"[^"]*"|[^."[\]]+/g) ?? []).map((part) => part.replaceAll('"', ""));
    // Go embeds it: what is set by its name is set in the metadata.
    if (fields[0] === "ObjectMeta") fields[0] = "metadata";
    const holder = this.#scope.get(name) ?? { current: undefined };
    this.#scope.set(name, holder);
    holder.current = fields.length === 0 ? unwrap(value) : setAt(holder.current, fields, unwrap(value));
  }

  async #call({ call = "", on, args = [], as }: GoStep): Promise<void> {
    let result: unknown;
    try {
      result = await this.#perform(
        call,
        on === undefined ? undefined : on,
        args.map((arg) => this.#resolve(arg)),
      );
    } catch (error) {
      result = error instanceof Error ? error : new Error(String(error));
    }
    if (as !== undefined) this.#scope.set(as, { current: result });
  }

  async #perform(call: string, on: unknown, args: readonly unknown[]): Promise<unknown> {
    const target = typeof on === "object" && on !== null ? String((on as Json)["$"]) : "";
    const [first, second] = args;
    const object = unwrap(first) as KubeObject;
    const subresource = target.endsWith("Status()") ? { subresource: "status" } : {};
    const { client } = this.#world;
    const method = /^(o\d+)\.(Get|Set)(\w+)$/.exec(call);
    if (method !== null) return this.#accessor(method[1] ?? "", method[2] ?? "", method[3] ?? "", first);
    switch (call) {
      case "Create":
        return keep(first, await client.create(prepare(object)));
      case "Update":
        return keep(first, await client.update(prepare(object), subresource));
      case "Patch":
        return keep(first, await this.#patch(object, args, subresource));
      case "Delete":
        await client.delete(refTo(object));
        return undefined;
      case "Get": {
        const { Namespace: namespace = "", Name: name = "" } = object as unknown as { Namespace?: string; Name?: string };
        const { apiVersion, kind } = unwrap(second) as KubeObject;
        return keep(
          second,
          await client.get({ apiVersion, kind, name: String(name), ...(namespace ? { namespace: String(namespace) } : {}) }),
        );
      }
      case "List": {
        const { items } = await client.list({ apiVersion: object.apiVersion, kind: object.kind.replace(/List$/, "") });
        return keep(first, { items } as unknown as KubeObject);
      }
      case "Reconcile": {
        const { NamespacedName: name } = object as unknown as { NamespacedName: { Namespace: string; Name: string } };
        return void (await this.#world.request("Kustomization", name.Name, name.Namespace));
      }
      case "ArtifactFromFiles": {
        const files = (unwrap(first) ?? []) as readonly { readonly Name: string; readonly Body: string }[];
        return { out: this.#store(files.map(({ Name, Body }) => ({ path: Name, content: Buffer.from(Body) }))) };
      }
      case "ArtifactFromDir":
        return { out: this.#store(readEntries(join(this.#fixtures, String(first))), String(second)) };
      default:
        return judge(call, args.map(unwrap));
    }
  }

  #patch(object: KubeObject, [, patch, ...options]: readonly unknown[], subresource: { subresource?: string }): Promise<KubeObject> {
    const { client } = this.#world;
    const fieldManager = managerOf(options);
    const raw = unwrap(patch) as { readonly type?: string; readonly body?: string };
    if (raw.body === undefined) return client.apply(prepare(this.#withArtifact(object)), { fieldManager, force: true, ...subresource });
    const type = raw.type === "application/json-patch+json" ? "json" : "merge";
    return client.patch(refTo(object), JSON.parse(raw.body) as Json, { type, fieldManager, ...subresource });
  }

  #accessor(name: string, verb: string, field: string, value: unknown): unknown {
    const holder = this.#scope.get(name);
    if (holder === undefined) throw new Error(`there is no ${name}`);
    if (verb === "Get") return member(holder.current, field);
    holder.current = setAt(holder.current, ["metadata", field.charAt(0).toLowerCase() + field.slice(1)], unwrap(value));
    return undefined;
  }

  /** An artifact is served by the name that it is given, or by one made of its content. */
  #store(entries: readonly TreeEntry[], given?: string): string {
    const hash = createHash("sha256").update(JSON.stringify(entries)).digest("hex");
    const name = given ?? `${hash}.tar.gz`;
    this.#digests.set(name, `sha256:${hash}`);
    this.#server.put(name, treeOf(entries));
    return given === undefined ? name : hash;
  }

  /** The test's own server and digests, as ours: the artifact is found by the name in its address. */
  #withArtifact(object: KubeObject): KubeObject {
    const status = object["status"] as Json | undefined;
    const given = status?.["artifact"] as Json | undefined;
    if (status === undefined || given === undefined) return object;
    const fields = Object.fromEntries(
      Object.entries(given).map(([key, value]) => [key === "URL" ? "url" : key.charAt(0).toLowerCase() + key.slice(1), value]),
    );
    const url = String(fields["url"]);
    const digest = this.#digests.get(url.slice(url.lastIndexOf("/") + 1)) ?? `sha256:${"0".repeat(64)}`;
    const conditions = ((status["conditions"] ?? []) as readonly Json[]).map((condition) => ({ message: "", ...condition }));
    const artifact = { ...fields, digest, lastUpdateTime: this.#now() };
    return { ...object, status: { ...status, conditions, artifact } } as unknown as KubeObject;
  }
}

/** `r1.err` is the error of a result, `r1.out` its value. */
function wrapResult(value: unknown): unknown {
  if (value instanceof Error) return Object.assign(value, { err: value });
  return value;
}

function unwrap(value: unknown): unknown {
  return typeof value === "object" && value !== null && "current" in value ? (value as Holder).current : value;
}

/** Go's client writes the answer into its argument; the result is no error. */
function keep(target: unknown, object: KubeObject): undefined {
  if (typeof target === "object" && target !== null && "current" in target) (target as Holder).current = object;
  return undefined;
}

/** The cases reach their own cluster through a kubeconfig; here it is the same without one. Go writes `prune: false` as well. */
function prepare(object: KubeObject): KubeObject {
  const spec = object["spec"] as Json | undefined;
  if (object.kind === "Secret" && object.metadata.name === "kubeconfig") return { ...object, data: {} } as unknown as KubeObject;
  if (object.kind !== "Kustomization" || spec === undefined) return object;
  const { kubeConfig: _, ...rest } = spec;
  return { ...object, spec: { prune: false, ...rest } } as unknown as KubeObject;
}

/** @param options of the call, in either of the shapes that Go has for them */
function managerOf(options: readonly unknown[]): string {
  for (const option of options) {
    if (typeof option === "string" && !option.includes("/")) return option;
    const { FieldManager: manager, PatchOptions: inner } = (option ?? {}) as { FieldManager?: string; PatchOptions?: object };
    if (manager !== undefined) return manager;
    if (inner !== undefined) return managerOf([inner]);
  }
  return "test";
}

function refTo({ apiVersion, kind, metadata }: KubeObject): { apiVersion: string; kind: string; name: string; namespace?: string } {
  return { apiVersion, kind, name: metadata.name ?? "", ...(metadata.namespace ? { namespace: metadata.namespace } : {}) };
}

function setAt(value: unknown, [first, ...rest]: readonly string[], to: unknown): unknown {
  if (first === undefined) return to;
  const object = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const metadata = object["metadata"];
  if (
    keyOf(object, first) === undefined &&
    typeof metadata === "object" &&
    metadata !== null &&
    ["Annotations", "Labels", "Finalizers", "Name", "Namespace"].includes(first)
  ) {
    return { ...object, metadata: setAt(metadata, [first, ...rest], to) };
  }
  const key = keyOf(object, first) || first.charAt(0).toLowerCase() + first.slice(1);
  return { ...object, [key]: setAt(object[key], rest, to) };
}

/** Go's Sprintf with `%s` alone. */
function printf([format, ...values]: readonly unknown[]): string {
  const rest = [...values];
  return String(format).replace(/%s/g, () => String(rest.shift()));
}

function compare(found: number, operator: string, wanted: number): boolean {
  switch (operator) {
    case ">":
      return found > wanted;
    case ">=":
      return found >= wanted;
    case "<":
      return found < wanted;
    default:
      return found === wanted;
  }
}

function zeroLike(value: unknown): unknown {
  if (typeof value === "string") return "";
  if (typeof value === "number") return 0;
  return typeof value === "boolean" ? false : value;
}

function show(value: unknown): string {
  return value instanceof Error ? value.message.slice(0, 400) : (JSON.stringify(value) ?? "nothing").slice(0, 400);
}
