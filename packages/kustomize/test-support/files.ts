// SPDX-License-Identifier: Apache-2.0
import type { BuildOptions } from "../src/build.ts";
import { build, toYaml } from "../src/build.ts";
import { KustomizeError } from "../src/kustomize-error.ts";
import { MemoryFileSystem } from "../src/memory-file-system.ts";

/** Files by path, for tests. */
export type Files = Readonly<Record<string, string>>;

export function filesOf(files: Files): MemoryFileSystem {
  return new MemoryFileSystem(Object.entries(files));
}

/** What kustomize would print of a folder. */
export function yamlOf(files: Files, folder = "/", options: BuildOptions = {}): string {
  return toYaml(build(filesOf(files), folder, options).objects);
}

export function errorOf(work: () => unknown): KustomizeError {
  try {
    work();
  } catch (error) {
    if (error instanceof KustomizeError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

export const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: web
        image: nginx:1.0
        envFrom:
        - configMapRef:
            name: settings
`;

export function configMap(name: string, data = ""): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${data === "" ? "" : `data:\n  ${data}\n`}`;
}
