// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeObject } from "@flux-ts/kube-core";
import { toApiVersion } from "@flux-ts/kube-core";
import { configure } from "@flux-ts/kube-runtime";
import { createWorld, type World } from "@flux-ts/testbed/world";
import { parseGroupKinds } from "@flux-ts/toolkit/apply";
import { ArtifactMemory, ArtifactStorage, createArtifacts } from "@flux-ts/toolkit/artifact";
import { createGitClient } from "@flux-ts/toolkit/git";
import { createHttpClient } from "@flux-ts/toolkit/http";
import { kustomizationController } from "../src/kustomize/kustomization/controller.ts";
import { kustomizeOptions } from "../src/kustomize/options.ts";
import { gitRepositories } from "../src/source/git-repository/controller.ts";
import type { Check, Scenario, ScenarioCommit, Step } from "./scenario-types.ts";
import type { Normalise } from "./scenario-view.ts";
import { differences, dig, liveView, normalise, normaliser, statusView } from "./scenario-view.ts";

/** Events that traces are made of: the corpus compares them only where it says so. */
const TRACES: ReadonlySet<string> = new Set([
  "ArtifactUpToDate",
  "GitOperationSucceeded",
  "GarbageCollectionSucceeded",
  "NoSourceArtifact",
]);

/** How far time is let pass, and in which steps, until a wait is over or a check matches. */
const STEP_MS = 500;
const SETTLE_MS = 20_000;

/** A reference `Kind/name`, `Kind/namespace/name`, with `Kind@group~version` where the kind is not known by its name. */
interface Ref {
  readonly kind: string | { readonly apiVersion: string; readonly kind: string };
  readonly namespace: string;
  readonly name: string;
}

/**
 * Plays a scenario in a world of its own, with the flags it was recorded with; time passes as the scenario waits.
 * @returns what differs from what was recorded
 */
export async function play(scenario: Scenario): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "scenario-"));
  let world: World | undefined;
  try {
    const memory = new ArtifactMemory();
    const clock = {
      now: () => world?.clock.now() ?? 0,
      after: (ms: number, callback: () => void) => world?.clock.after(ms, callback) ?? (() => undefined),
    };
    const storage = await ArtifactStorage.open({ folder, hostname: "artifacts.test", clock, memory });
    await using git = await createGitClient({ folder, path: process.env["PATH"] ?? "" });
    const artifacts = createArtifacts({ http: createHttpClient(), clock, memory, retries: 2 });
    const options = kustomizeOptions({
      artifacts,
      dependencyRequeueMs: 5000,
      customStageKinds: parseGroupKinds("stage.example.com/Widget"),
      features: (scenario.decisions ?? []).includes("D-3")
        ? { defaultNamespaceFallback: false }
        : (scenario.decisions ?? []).includes("D-8")
          ? { refuseEncrypted: false }
          : {},
    });
    const settings = { intervalJitterPercent: 0 };
    world = await createWorld({
      level: "nodes",
      controllers: [
        configure(gitRepositories, { storage, git, requeueDependencyMs: 5000 }, settings),
        configure(kustomizationController(), options, settings),
      ],
    });
    return await new Player(scenario, world).play();
  } finally {
    await world?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }
}

class Player {
  readonly #scenario: Scenario;
  readonly #world: World;
  readonly #namespace: string;
  readonly #normalise: Normalise;
  readonly #commits = new Map<string, number>();
  readonly #problems: string[] = [];
  #sha = "";
  #requests = 0;

  constructor(scenario: Scenario, world: World) {
    this.#scenario = scenario;
    this.#world = world;
    this.#namespace = scenario.ns ?? scenario.name;
    this.#normalise = normaliser([[world.git.url, "{git}"]]);
  }

  async play(): Promise<readonly string[]> {
    const { commits = [], extraNs = [], steps } = this.#scenario;
    for (const commit of commits) this.#commit(commit);
    for (const name of [this.#namespace, ...extraNs])
      await this.#world.client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    await this.#world.advance("1s");
    for (const [index, step] of steps.entries()) {
      try {
        await this.#take(step);
      } catch (error) {
        this.#problems.push(`${(error as Error).message.slice(0, 2000)}`);
      }
      if (this.#problems.length > 0) return this.#problems.map((problem) => `step ${index}: ${problem}`);
    }
    return [];
  }

  async #take(step: Step): Promise<void> {
    const { client } = this.#world;
    if (step.apply !== undefined) await this.#apply(step.apply, step.manager ?? "scenario");
    else if (step.patch !== undefined) {
      const options = {
        type: "merge",
        fieldManager: step.manager ?? "kubectl-edit",
        ...(step.sub === undefined ? {} : { subresource: step.sub }),
      } as const;
      await client.patch(await this.#refOf(step.patch), this.#fill(step.with), options);
    } else if (step.delete !== undefined) {
      for (const ref of [step.delete].flat()) await client.delete(await this.#refOf(ref)).catch(() => undefined);
    } else if (step.request !== undefined) {
      for (const ref of [step.request].flat()) await this.#request(ref, step);
    } else if (step.commit !== undefined) this.#commit(step.commit);
    else if (step.sleep !== undefined) await this.#world.advance(`${step.sleep * 1000}ms`);
    else if (step.wait !== undefined) await this.#wait(step.wait, step);
    else if (step.snap !== undefined) await this.#snap(step.snap, step);
    else throw new Error(`step ${Object.keys(step).join(",")} is not played here`);
  }

  async #apply(objects: readonly KubeObject[], fieldManager: string): Promise<void> {
    for (const given of objects) {
      const object = this.#fill(given) as KubeObject;
      const { namespaced } = await this.#world.client.resourceFor(object);
      const placed = namespaced ? { ...object, metadata: { namespace: this.#namespace, ...object.metadata } } : object;
      await this.#world.client.apply(placed, { fieldManager, force: true });
    }
  }

  async #request(ref: string, step: Step): Promise<void> {
    this.#requests += 1;
    const token = `request-${this.#requests}`;
    const patch = { metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": token } } };
    await this.#world.client.patch(await this.#refOf(ref), patch, { type: "merge", fieldManager: "flux" });
    if (step.handled !== false) await this.#wait(ref, { until: { "status.lastHandledReconcileAt": token }, timeout: step.timeout ?? 40 });
  }

  async #wait(ref: string, step: Step): Promise<void> {
    const limitMs = (step.timeout ?? 45) * 1000;
    const isOver = async (): Promise<boolean> => isReached(await this.#find(ref), step, (text) => this.#fillText(text));
    if (await this.#passTime(limitMs, isOver)) return;
    const conditions = dig(await this.#find(ref), "status.conditions");
    throw new Error(`wait ${JSON.stringify(step)} ran out of time: ${this.#normalise(JSON.stringify(conditions) ?? "object absent")}`);
  }

  /** Looks, lets time pass, and looks again, until it is so or the time is over. */
  async #passTime(limitMs: number, isSo: () => Promise<boolean>): Promise<boolean> {
    const end = this.#world.clock.now() + limitMs;
    await this.#world.settle();
    while (!(await isSo())) {
      if (this.#world.clock.now() >= end) return false;
      await this.#world.advance(`${STEP_MS}ms`);
    }
    return true;
  }

  async #snap(checks: readonly Check[], { want = [], quiet }: Step): Promise<void> {
    if (quiet !== undefined) await this.#world.advance(`${quiet * 1000}ms`);
    let found: readonly string[] = [];
    const isSame = async (): Promise<boolean> => {
      const all = await Promise.all(
        checks.map(async (check, index) =>
          differences(withoutTraces(check, want[index]), await this.#view(check)).map((each) => `${JSON.stringify(check)} ${each}`),
        ),
      );
      found = all.flat();
      return found.length === 0;
    };
    if (!(await this.#passTime(SETTLE_MS, isSame))) this.#problems.push(...found);
  }

  async #view(check: Check): Promise<unknown> {
    const text = this.#normalise;
    if (check.status !== undefined) return statusView(await this.#find(check.status), text);
    if (check.events !== undefined) return withoutTraces(check, await this.#events(check.events));
    if (check.live !== undefined) return liveView(await this.#find(check.live), text);
    if (check.field !== undefined) {
      const object = await this.#find(check.field);
      return object === undefined
        ? null
        : normalise(Object.fromEntries((check.paths ?? []).map((path) => [path, dig(object, path) ?? null])), text);
    }
    if (check.exists !== undefined)
      return Object.fromEntries(await Promise.all(check.exists.map(async (ref) => [ref, (await this.#find(ref)) !== undefined] as const)));
    if (check.list !== undefined) return this.#list(check.list, check.selector);
    if (check.secret !== undefined) {
      const data = (await this.#find(`Secret/${check.secret}`))?.["data"] as Record<string, string> | undefined;
      return data === undefined
        ? null
        : normalise(Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()])), text);
    }
    throw new Error(`check ${Object.keys(check).join(",")} is not known here`);
  }

  async #list(kind: string, labelSelector: string | undefined): Promise<unknown> {
    const ref = await this.#refOf(`${kind}/x`);
    const { items } = await this.#world.client.list(ref, {
      namespace: this.#namespace,
      ...(labelSelector === undefined ? {} : { labelSelector }),
    });
    const names = items.map(({ metadata }) => metadata.name ?? "").filter((name) => name !== "kube-root-ca.crt" && name !== "default");
    return normalise(names.toSorted(), this.#normalise);
  }

  /** In order of first appearance, each once. */
  async #events(ref: string): Promise<readonly (readonly string[])[]> {
    const { namespace, name, kind } = this.#parse(ref);
    const { items } = await this.#world.client.list({ apiVersion: "v1", kind: "Event" }, { namespace });
    const wanted = typeof kind === "string" ? kind : kind.kind;
    const order = (event: KubeObject): string =>
      `${String(event.metadata.creationTimestamp)} ${(event.metadata.name ?? "").split(".").at(-1)?.padStart(20, "0") ?? ""}`;
    const told = items
      .filter((event) => dig(event, "involvedObject.name") === name && dig(event, "involvedObject.kind") === wanted)
      .toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
      .map((event) => [event["type"], event["reason"], this.#normalise(String(event["message"]))].map(String));
    return [...new Map(told.map((each) => [JSON.stringify(each), each])).values()];
  }

  async #find(ref: string): Promise<KubeObject | undefined> {
    try {
      return await this.#world.client.find(await this.#refOf(ref));
    } catch {
      return undefined;
    }
  }

  async #refOf(text: string): Promise<{ apiVersion: string; kind: string; namespace: string; name: string }> {
    const { kind, namespace, name } = this.#parse(text);
    return { ...(typeof kind === "string" ? await this.#kindNamed(kind) : kind), namespace, name };
  }

  async #kindNamed(kind: string): Promise<{ readonly apiVersion: string; readonly kind: string }> {
    for (const isAgain of [false, true]) {
      if (isAgain) this.#world.client.forgetDiscovery();
      const found = (await this.#world.client.resources()).find((resource) => resource.kind === kind);
      if (found !== undefined) return { apiVersion: toApiVersion(found.group, found.version), kind };
    }
    throw new Error(`kind ${kind} is not served`);
  }

  #parse(text: string): Ref {
    const parts = this.#fillText(text).split("/");
    const [kind = "", version] = (parts[0] ?? "").split("@");
    const name = parts.at(-1) ?? "";
    const namespace = parts.length > 2 ? (parts[1] ?? "") : this.#namespace;
    return { kind: version === undefined ? kind : { apiVersion: version.replace("~", "/"), kind }, namespace, name };
  }

  #fill(value: unknown): unknown {
    return JSON.parse(this.#fillText(JSON.stringify(value)));
  }

  #fillText(text: string): string {
    const values: Readonly<Record<string, string>> = {
      git: this.#world.git.url,
      ns: this.#namespace,
      name: this.#scenario.name,
      sha: this.#sha,
    };
    return text.replace(/\{(git|ns|name|sha)\}/g, (_, key: string) => values[key] ?? "");
  }

  /** With the author and the dates of the corpus, so that the ids are those that were recorded. */
  #commit({ repo = "app", branch = "main", from, files = {}, message }: ScenarioCommit): void {
    const { folder } = this.#world.git.repository(repo);
    const number = this.#commits.get(repo) ?? 0;
    this.#commits.set(repo, number + 1);
    const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
    const who = `Dev <dev@example.com> ${1_700_000_000 + 60 * number} +0000`;
    const git = (...args: readonly string[]): string =>
      execFileSync("git", ["-C", folder, ...args], {
        encoding: "utf8",
        env: { PATH: process.env["PATH"], GIT_CONFIG_NOSYSTEM: "1", HOME: folder },
      }).trim();
    let head = "";
    try {
      head = git("rev-parse", "-q", "--verify", `refs/heads/${from ?? branch}`);
    } catch {
      // The first commit of the branch.
    }
    const changes = Object.entries(files).map(([path, text]) =>
      text === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(this.#fillText(text))}`,
    );
    const stream = `commit refs/heads/${branch}\nmark :1\nauthor ${who}\ncommitter ${who}\n${data(message ?? `commit ${number + 1}`)}${head === "" ? "" : `from ${head}\n`}${changes.join("")}`;
    execFileSync("git", ["-C", folder, "fast-import", "--quiet", "--force"], {
      input: stream,
      env: { PATH: process.env["PATH"], GIT_CONFIG_NOSYSTEM: "1", HOME: folder },
    });
    this.#sha = git("rev-parse", `refs/heads/${branch}`);
  }
}

function withoutTraces(check: Check, value: unknown): unknown {
  if (check.events === undefined || !Array.isArray(value)) return value;
  return value.filter((event: unknown) => !TRACES.has(String((event as unknown[])[1])));
}

function isReached(object: KubeObject | undefined, step: Step, fill: (text: string) => string): boolean {
  if (step.gone === true) return object === undefined;
  if (object === undefined) return false;
  const ready = dig(object, "status.conditions[Ready]") as { status?: string; reason?: string; observedGeneration?: number } | undefined;
  if (step.settled === true) return ready !== undefined && ready.status !== "Unknown";
  if (step.ready !== undefined || step.reason !== undefined) {
    if (ready === undefined) return false;
    if (step.ready !== undefined && ready.status !== step.ready) return false;
    if (step.reason !== undefined && ready.reason !== step.reason) return false;
    if (ready.observedGeneration !== undefined && ready.observedGeneration !== object.metadata.generation) return false;
    const observed = dig(object, "status.observedGeneration");
    if (step.ready === "True" && observed !== undefined && observed !== object.metadata.generation) return false;
  }
  return Object.entries(step.until ?? {}).every(([path, value]) => {
    const found = dig(object, path);
    const wanted = typeof value === "string" ? fill(value) : value;
    if (wanted === null) return found === null || found === undefined;
    if (typeof wanted === "string" && wanted.startsWith("~")) return String(found ?? "").includes(wanted.slice(1));
    return found === wanted;
  });
}
