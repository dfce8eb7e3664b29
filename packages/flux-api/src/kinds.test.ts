// SPDX-License-Identifier: Apache-2.0
import { describe, expect, expectTypeOf, test } from "vitest";
import { defaultValue, objectSchema, toCustomResourceDefinition, validateValue } from "@flux-ts/kube-core";
import type { GitRepository } from "./index.ts";
import { fluxKinds, Kustomization } from "./index.ts";

describe("the kinds", () => {
  test("are fifteen, each with names of its own", () => {
    expect(fluxKinds).toHaveLength(15);
    expect(new Set(fluxKinds.map(({ kind }) => kind)).size).toBe(15);
    const short = fluxKinds.flatMap(({ shortNames }) => shortNames);
    expect(new Set(short).size).toBe(short.length);
  });

  test.each(fluxKinds.map((kind) => [kind.kind, kind] as const))("%s says what each field and reason means", (_, kind) => {
    const silent: string[] = [];
    const look = (schema: typeof kind.spec, path: string): void => {
      for (const [name, field] of Object.entries(schema.properties ?? {})) {
        if ((field.description ?? "") === "") silent.push(`${path}.${name}`);
        look(field, `${path}.${name}`);
        if (field.items !== undefined) look(field.items, `${path}.${name}[]`);
      }
    };
    look(kind.spec, "spec");
    look(kind.status, "status");
    expect(silent).toEqual([]);
    for (const { description } of Object.values(kind.reasons)) expect(description).toMatch(/[.)]$/);
  });

  test("their older versions share the schema of the stored one", () => {
    const older = fluxKinds.filter(({ olderVersions }) => olderVersions.length > 0).map(({ kind }) => kind);
    expect(older).toEqual(["OCIRepository", "ImageRepository", "ImagePolicy", "ImageUpdateAutomation"]);
    for (const kind of fluxKinds) {
      const { versions } = toCustomResourceDefinition(kind)["spec"] as { readonly versions: readonly { readonly schema: unknown }[] };
      for (const { schema } of versions) expect(schema).toEqual(versions[0]?.schema);
    }
  });

  test("their types say what may be absent", () => {
    expectTypeOf<GitRepository["spec"]["interval"]>().toEqualTypeOf<string>();
    expectTypeOf<GitRepository["spec"]["suspend"]>().toEqualTypeOf<boolean | undefined>();
  });

  test("fill in and refuse as the API server does", () => {
    const schema = objectSchema(Kustomization);
    const spec = { interval: "10m", prune: true, sourceRef: { kind: "GitRepository", name: "x" } };
    expect(defaultValue(schema, { spec })).toEqual({ spec: { ...spec, force: false }, status: { observedGeneration: -1 } });
    expect(validateValue(schema, { spec: { ...spec, interval: "soon" } }).map(({ field }) => field)).toEqual(["spec.interval"]);
  });
});
