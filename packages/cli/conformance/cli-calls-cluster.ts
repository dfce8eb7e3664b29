// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { createClient, systemClock } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { ApiError, isNotFound } from "@flux-ts/kube-core";
import { createApiServer } from "@flux-ts/kube-server";
import type { Call, Run } from "@flux-ts/testbed/call-cases";
import { Several } from "@flux-ts/testbed/call-cases";
import { readObjects } from "@flux-ts/toolkit/apply";
import { readClusterInfo } from "../src/cluster-info.ts";
import type { Command } from "../src/command.ts";
import { defaultComponents, extraComponents } from "../src/manifests/components.ts";
import { root } from "../src/root.ts";
import { splitImage } from "../src/split-image.ts";

/** An object as upstream's tests hold it. */
export class Held {
  Object: KubeObject;

  constructor(object: KubeObject) {
    this.Object = object;
  }

  GetKind(): string {
    return this.Object.kind;
  }

  GetName(): string {
    return this.Object.metadata.name ?? "";
  }
}

/** Upstream's builder of a client that holds some objects. */
export class ClientBuilder {
  readonly objects: readonly Held[];

  constructor(objects: readonly Held[] = []) {
    this.objects = objects;
  }

  with(objects: readonly unknown[]): ClientBuilder {
    return new ClientBuilder([...this.objects, ...objects.map((each) => (each instanceof Held ? each : new Held(each as KubeObject)))]);
  }

  Build(): readonly Held[] {
    return this.objects;
  }
}

function commandNamed(names: readonly string[]): Command | undefined {
  return names.reduce<Command | undefined>((at, name) => at?.children?.find((child) => child.name === name), root);
}

/** The value of a flag that nobody gave, of the command that builds or compares Kustomizations. */
function lookUp(holder: unknown, name: string): { readonly DefValue: string } | null {
  const { current } = holder as { readonly current: { readonly Short: string } };
  const verb = current.Short.startsWith("Diff") ? "diff" : "build";
  const flag = commandNamed([verb, "kustomization"])?.flags?.find((each) => each.name === name);
  return flag === undefined ? null : { DefValue: flag.default ?? "false" };
}

function pathOf(path: string, run: Run): string {
  if (isAbsolute(path)) return path;
  const own = join(run.folder, path);
  return existsSync(own) ? own : join(run.fixtures, path);
}

/** The labels of a definition, as a server tells them. */
async function clusterInfo(objects: readonly Held[], run: Run): Promise<Readonly<Record<string, unknown>>> {
  const server = createApiServer({ clock: systemClock(), random: Math.random });
  run.cleanup.push(() => server.close());
  const client = createClient(server.transport, { userAgent: "test" });
  for (const { Object: object } of objects) await client.create(object);
  const { isBootstrapped, ...info } = await readClusterInfo(client);
  return { ...info, ...(isBootstrapped ? { bootstrapped: true } : {}) };
}

/** A template of Go's that holds nothing but names of its values. */
class Template {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function fillTemplate({ text }: Template, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{ *\.(\w+) *\}\}/g, (_, name: string) => values[name] ?? "<no value>");
}

export const clusterCalls: Readonly<Record<string, Call>> = {
  "text/template.New": () => new Template(""),
  Parse: ([text]) => new Template(String(text)),
  Execute: ([output, values], on) => {
    const text = fillTemplate(on as Template, values as Record<string, string>);
    (output as { current: unknown }).current = { Bytes: () => text };
    return null;
  },
  "flux2/v2/internal/build.WithClientConfig": () => ({}),
  // The manager applies what the cases create in the cluster: a step of its own here.
  "flux2/v2/internal/build.NewBuilder": () => ({ Manager: () => ({ values: [null] }) }),
  "pkg/ssa.DefaultApplyOptions": () => ({}),
  "cobra.Command.Flags": (_, on) => on,
  Lookup: ([name], on) => lookUp(on, String(name)),
  "strconv.ParseBool": ([text]) => text === "true",
  "os.Open": ([path], _, run) => readFileSync(pathOf(String(path), run), "utf8"),
  "pkg/ssa/utils.ReadObjects": ([text]) => readObjects(String(text)).map((object) => new Held(object)),
  "sigs.k8s.io/controller-runtime/pkg/client/fake.NewClientBuilder": (_args, _on, run) => {
    // A variable of the test's package, which no step sets.
    run.variables.set("scheme", null);
    return new ClientBuilder();
  },
  WithScheme: (_, on) => on,
  WithRuntimeObjects: (objects, on) => (on as ClientBuilder).with(objects),
  SetLabels: ([labels], on) => {
    const held = on as Held;
    held.Object = { ...held.Object, metadata: { ...held.Object.metadata, labels: labels as Record<string, string> } };
  },
  "flux2/v2/cmd/flux.getFluxClusterInfo": ([client], _, run) => clusterInfo(client as readonly Held[], run),
  "k8s.io/apimachinery/pkg/api/errors.IsNotFound": ([error]) => error instanceof ApiError && isNotFound(error),
  "flux2/v2/cmd/flux.splitImageStr": ([image]) => {
    const { name, tag } = splitImage(String(image));
    return new Several(name, tag);
  },
  "flux2/v2/pkg/manifestgen/install.MakeDefaultOptions": () => ({ Components: defaultComponents, ComponentsExtra: extraComponents }),
};
