// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from "node:util";
import { getKey, isJsonObject, parseYaml, stringifyYaml } from "@flux-ts/kube-core";
import { build, toYaml } from "../src/build.ts";
import { cleanPath, joinPath } from "../src/clean-path.ts";
import { confineFileSystem } from "../src/confined-file-system.ts";
import type { FileSystem } from "../src/file-system.ts";
import type { FluxOverlay } from "../src/flux/generate-kustomization.ts";
import { generateKustomization } from "../src/flux/generate-kustomization.ts";
import { isLocalRelativePath } from "../src/flux/local-path.ts";
import { withFile } from "../src/flux/overlay-file-system.ts";
import type { IsIgnored } from "../src/flux/scan-manifests.ts";
import { scanManifests } from "../src/flux/scan-manifests.ts";
import { KustomizeError } from "../src/kustomize-error.ts";
import { MemoryFileSystem } from "../src/memory-file-system.ts";

export interface FluxCase {
  readonly id: string;
  readonly setup?: string;
  readonly steps: readonly FluxStep[];
}

export interface FluxStep {
  readonly call?: string;
  readonly on?: unknown;
  readonly args?: readonly unknown[];
  readonly as?: string;
  readonly expect?: unknown;
  readonly to?: readonly unknown[];
  readonly not?: readonly unknown[];
  readonly writeFile?: string;
  readonly content?: string;
  readonly symlink?: string;
  readonly target?: string;
  readonly mkdir?: string;
  readonly let?: string;
  readonly value?: unknown;
  readonly if?: string;
}

/** A step that asks for what is not of this package. */
export class Unplayable extends Error {
  override readonly name = "Unplayable";
}

/** What a call returned. */
interface Outcome {
  readonly out?: unknown;
  readonly err: Error | null;
}

interface Generator {
  readonly overlay: FluxOverlay;
  /** Undefined: nothing is left out, and `.sourceignore` is not read. */
  readonly ignored: readonly string[] | undefined;
}

/** A file system with files put over those of another. */
class Overlay implements FileSystem {
  #fs: FileSystem;

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  write(path: string, content: string): null {
    this.#fs = withFile(this.#fs, path, content);
    return null;
  }

  read(path: string): Uint8Array | string {
    return this.#fs.read(path);
  }

  list(path: string): readonly string[] {
    return this.#fs.list(path);
  }

  isDirectory(path: string): boolean {
    return this.#fs.isDirectory(path);
  }

  realPath(path: string): string {
    return this.#fs.realPath(path);
  }
}

/** Where the cases of the upstream package run, so that `./testdata` is below it. */
const workFolder = "/src";

const absolute = (path: string, base = workFolder): string => (path.startsWith("/") ? cleanPath(path) : joinPath(base, path));

/** Plays the steps of one case on files in memory. */
export class FluxRun {
  readonly #files: Map<string, string>;
  readonly #links = new Map<string, string>();
  readonly #results = new Map<string, unknown>();

  constructor(fixtures: ReadonlyMap<string, string>) {
    this.#files = new Map([...fixtures].map(([path, content]) => [joinPath(workFolder, path), content]));
  }

  play(steps: readonly FluxStep[]): void {
    for (const step of steps) this.#playOne(step);
  }

  #playOne(step: FluxStep): void {
    if (step.call !== undefined) {
      const result = this.#call(step.call, step.on, step.args ?? []);
      if (step.as !== undefined) this.#results.set(step.as, result);
    } else if (step.writeFile !== undefined) this.#files.set(step.writeFile, step.content ?? "");
    else if (step.mkdir !== undefined) this.#makeFolder(step.mkdir);
    else if (step.symlink !== undefined) this.#links.set(step.symlink, step.target ?? "");
    else if (step.let !== undefined) this.#results.set(step.let, step.value);
    else if (step.if !== undefined) this.#files.set(joinPath("/", "made"), "");
    else if (step.expect !== undefined) this.#expect(step);
    else throw new Unplayable(`no such step here: ${JSON.stringify(step)}`);
  }

  /** A folder is there by what is in it. */
  #makeFolder(path: string): void {
    this.#files.set(joinPath(path, ".keep"), "");
  }

  #fileSystem(): FileSystem {
    const memory = new MemoryFileSystem(this.#files);
    return {
      read: (path) => memory.read(path),
      list: (path) => memory.list(path),
      isDirectory: (path) => memory.isDirectory(path),
      realPath: (path) => memory.realPath(this.#links.get(path) ?? path),
    };
  }

  #call(name: string, on: unknown, args: readonly unknown[]): unknown {
    const path = (index: number): string => absolute(String(args[index]));
    const receiver = isReference(on) ? this.#value(on.$) : undefined;
    switch (name) {
      case "github.com/otiai10/copy.Copy":
        this.#copy(path(0), path(1));
        return { err: null };
      case "pkg/kustomize.NewGenerator":
        return generatorOf(args[1], undefined);
      case "pkg/kustomize.NewGeneratorWithIgnore":
        return generatorOf(args[2], String(args[1]));
      case "pkg/kustomize.WithSaveOriginalKustomization":
      case "sigs.k8s.io/kustomize/kyaml/filesys.MakeFsOnDisk":
        return undefined;
      case "WriteFile":
        if (receiver instanceof Overlay) return receiver.write(path(0), String(args[1]));
        if (!isGenerator(receiver)) throw new Unplayable("the file systems of this package do not write");
        return attempt(() => this.#generate(receiver, path(0)));
      case "pkg/kustomize.SecureBuild":
        return attempt(() => this.#build(confineFileSystem(this.#fileSystem(), path(0)), path(1)));
      case "pkg/kustomize.Build":
        return attempt(() => this.#build(this.#fileSystem(), path(1)));
      case "pkg/kustomize.IsLocalRelativePath":
        return isLocalRelativePath(String(args[0]));
      case "pkg/kustomize.scanManifests":
        return attempt(() => this.#scan(path(1), this.#patterns(args[2])));
      case "pkg/sourceignore.LoadIgnorePatterns":
        return { out: [], err: null };
      case "pkg/sourceignore.ReadPatterns":
        return String(args[0]).split("\n");
      default:
        return this.#callOnFiles(name, receiver, args);
    }
  }

  #callOnFiles(name: string, receiver: unknown, args: readonly unknown[]): unknown {
    const path = absolute(String(args[0]));
    switch (name) {
      case "pkg/kustomize/filesys.MakeFsOnDiskSecure":
        if (args.length > 1) throw new Unplayable("a confined file system has no folders beside its own");
        this.#makeFolder(path);
        return attempt(() => confineFileSystem(this.#fileSystem(), path));
      case "pkg/kustomize/filesys.MakeFsInMemory": {
        const base = isReference(args[0]) ? this.#value(args[0].$) : undefined;
        return new Overlay(base === undefined ? this.#fileSystem() : asFileSystem(base));
      }
      case "pkg/kustomize/filesys.TmpConfirmedDirPrefix":
        return { out: "/tmp/kustomize-", err: null };
      case "sigs.k8s.io/kustomize/kyaml/filesys.ConfirmedDir":
        return path;
      case "MkdirAll":
        if (receiver !== undefined || !isReference(args[0])) throw new Unplayable("the file systems of this package do not write");
        this.#makeFolder(String(this.#value(args[0].$.replace(/\.String\(\)$/, ""))));
        return { err: null };
      case "path/filepath.Split":
        return { out: path, err: null };
      case "pkg/kustomize/filesys.isSecurePath":
        if (args.length > 3) throw new Unplayable("a confined file system has no folders beside its own");
        return this.#isInside(isReference(args[1]) ? String(this.#value(args[1].$)) : String(args[1]), String(args[2]));
      case "Exists":
        return attempt(() => asFileSystem(receiver).realPath(path)).err === null;
      case "IsDir":
        return asFileSystem(receiver).isDirectory(path);
      case "ReadFile":
        return attempt(() => asFileSystem(receiver).read(path));
      case "ReadDir":
        return attempt(() =>
          asFileSystem(receiver)
            .list(path)
            .filter((name) => name !== ".keep"),
        );
      default:
        throw new Unplayable(`${name} is not of this package`);
    }
  }

  #isInside(root: string, path: string): Outcome {
    const { err } = attempt(() => confineFileSystem(this.#fileSystem(), root).realPath(absolute(path, root)));
    return { err: err instanceof KustomizeError && err.code === "OUTSIDE_ROOT" ? err : null };
  }

  #patterns(argument: unknown): readonly string[] {
    if (!isReference(argument)) return [];
    const appended = /^append\(r\d+\.out, (r\d+)\)$/.exec(argument.$);
    const patterns = this.#results.get(appended?.[1] ?? argument.$);
    return Array.isArray(patterns) ? patterns.map(String) : [];
  }

  #copy(from: string, to: string): void {
    this.#makeFolder(to);
    const copied = [...this.#files].filter(([path]) => path.startsWith(`${from}/`));
    for (const [path, content] of copied) this.#files.set(joinPath(to, path.slice(from.length + 1)), content);
  }

  #generate({ overlay, ignored }: Generator, folder: string): void {
    this.#makeFolder(folder);
    const ownPatterns = (this.#files.get(joinPath(folder, ".sourceignore")) ?? "").split("\n");
    const options = ignored === undefined ? {} : { isIgnored: ignoring(folder, [...ownPatterns, ...ignored]) };
    const { path, manifest } = generateKustomization(this.#fileSystem(), folder, overlay, options);
    this.#files.set(path, manifest);
  }

  #build(fs: FileSystem, folder: string): readonly unknown[] {
    return build(fs, folder, { reorder: "none", loadRestrictor: "none", addsOpenApi: true }).objects;
  }

  #scan(folder: string, patterns: readonly string[]): readonly string[] {
    const found = scanManifests(this.#fileSystem(), folder, ignoring(folder, patterns));
    // Upstream's are from the working folder on.
    return found.map((path) => joinPath(folder, path).slice(workFolder.length + 1));
  }

  #expect({ expect, to, not }: FluxStep): void {
    const [matcher, wanted] = to ?? not ?? [];
    const value = typeof expect === "string" ? this.#value(expect) : getKey(expect as Readonly<Record<string, unknown>>, "$value");
    if (matches(String(matcher), value, wanted) === (to !== undefined)) return;
    throw new Error(`${JSON.stringify(expect)} is ${show(value)}, expected ${to === undefined ? "not " : ""}${show([matcher, wanted])}`);
  }

  /** The value of an expression such as `yaml(r3.out.AsYaml().out).spec.containers[0].image`. */
  #value(expression: string): unknown {
    const call = /^(yaml|readFile)\(/.exec(expression);
    if (call === null) {
      const [first = "", ...rest] = expression.split(".");
      if (!this.#results.has(first)) throw new Unplayable(`nothing is called ${first}`);
      return follow(this.#results.get(first), rest);
    }
    const end = closing(expression, call[0].length - 1);
    const inner = expression.slice(call[0].length, end);
    const steps = expression
      .slice(end + 1)
      .split(/[.[\]"]+/)
      .filter((step) => step !== "");
    if (call[1] === "yaml") return follow(parseYaml(String(this.#value(inner))), steps);
    const content = this.#files.get(JSON.parse(inner) as string);
    return steps[0] === "err" ? (content === undefined ? new Error("no such file") : null) : content;
  }
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let index = open; index < text.length; index++) {
    if (text[index] === "(") depth++;
    if (text[index] === ")" && --depth === 0) return index;
  }
  throw new Error(`a parenthesis is open in ${text}`);
}

function follow(start: unknown, steps: readonly string[]): unknown {
  let value = start;
  for (const step of steps) {
    if (step === "Resources()") continue;
    if (step === "AsYaml()") value = { out: toYaml(value as Parameters<typeof toYaml>[0]), err: null };
    else if (step === "Error()") value = value instanceof Error ? value.message : undefined;
    else if (Array.isArray(value)) value = (value as unknown[])[Number(step)];
    else if (isJsonObject(value)) value = getKey(value, step) ?? getKey(value, lowerFirst(step));
    else value = undefined;
  }
  return value;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Names of Go's fields as JSON has them. */
function withJsonNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withJsonNames);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [lowerFirst(key), withJsonNames(child)]));
}

function matches(matcher: string, value: unknown, wanted: unknown): boolean {
  switch (matcher) {
    case "Succeed":
      return value === null;
    case "HaveOccurred":
      return value instanceof Error;
    case "BeNil":
      return value === null || value === undefined;
    case "BeTrue":
      return value === true;
    case "BeFalse":
      return value === false;
    case "Equal":
      return isDeepStrictEqual(withJsonNames(value ?? null), withJsonNames(wanted));
    case "HaveLen":
      return Array.isArray(value) && value.length === wanted;
    case "ContainSubstring":
      return typeof value === "string" && value.includes(String(wanted));
    case "ContainElement":
      return Array.isArray(value) && value.includes(wanted);
    default:
      throw new Unplayable(`no matcher ${matcher}`);
  }
}

function attempt(work: () => unknown): Outcome {
  try {
    return { out: work(), err: null };
  } catch (error) {
    if (error instanceof Unplayable || !(error instanceof Error)) throw error;
    return { err: error };
  }
}

function generatorOf(object: unknown, ignore: string | undefined): Generator {
  const value = isJsonObject(object) ? (getKey(object, "$value") ?? object) : {};
  const spec = isJsonObject(value) ? getKey(value, "spec") : undefined;
  return { overlay: (spec ?? {}) as FluxOverlay, ignored: ignore?.split("\n") };
}

/** As much of .gitignore as the cases use: names, `/*`, and `!` for what stays; the last pattern that matches counts. */
function ignoring(folder: string, patterns: readonly string[]): IsIgnored {
  const used = patterns.filter((pattern) => pattern !== "" && !pattern.startsWith("#"));
  return (path) => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const isTop = path === joinPath(folder, name);
    const last = used.findLast((pattern) => (pattern === "/*" ? isTop : pattern.replace(/^!/, "") === name));
    return last !== undefined && !last.startsWith("!");
  };
}

function isReference(value: unknown): value is { readonly $: string } {
  return isJsonObject(value) && typeof getKey(value, "$") === "string";
}

function isGenerator(value: unknown): value is Generator {
  return isJsonObject(value) && Object.hasOwn(value, "overlay");
}

function asFileSystem(value: unknown): FileSystem {
  if (typeof value !== "object" || value === null || !("realPath" in value)) throw new Unplayable("not a file system of this package");
  return value as FileSystem;
}

function show(value: unknown): string {
  return value instanceof Error ? `the error ${value.message}` : stringifyYaml(value ?? null).trim();
}
