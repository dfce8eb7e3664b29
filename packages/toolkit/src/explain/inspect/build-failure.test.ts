// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { BuildFact } from "../facts.ts";
import { placeInMessage, placeOf } from "./build-failure.ts";

describe("the file that a message of a build names", () => {
  test.each([
    [
      "a file with a line",
      "kustomize build failed: accumulating resources: accumulating resources from 'web.yaml': MalformedYAMLError: yaml: line 3: mapping values are not allowed in this context in File: web.yaml",
      { file: "apps/web.yaml", line: 3 },
    ],
    [
      "a base of a base",
      "kustomize build failed: accumulating resources: accumulation err='accumulating resources from '../base': open /tmp/kustomization-1/base: is a directory': recursed accumulation of path '/tmp/kustomization-1/base': accumulating resources: accumulating resources from 'one.yaml': MalformedYAMLError: yaml: line 2: x in File: one.yaml",
      { file: "base/one.yaml", line: 2 },
    ],
    [
      "a resource that is not there: the file that names it",
      "kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'ingress.yaml': open /tmp/kustomization-37/apps/ingress.yaml: no such file or directory': must build at directory: not a valid directory: evalsymlink failure on '/tmp/kustomization-37/apps/ingress.yaml' : lstat /tmp/kustomization-37/apps/ingress.yaml: no such file or directory",
      { file: "apps/kustomization.yaml" },
    ],
    [
      "an object that is there twice",
      "kustomize build failed: accumulating resources: accumulation err='merging resources from 'again.yaml': may not add resource with an already registered id: Deployment.v1.apps/web.default': must build at directory: '/tmp/kustomization-4/apps/again.yaml': file is not directory",
      { file: "apps/again.yaml" },
    ],
    [
      "a patch",
      'kustomize build failed: no resource matches strategic merge patch "Deployment.v1.apps/wep.[noNs]"',
      { file: "apps/kustomization.yaml" },
    ],
    ["nothing", "something else went wrong", undefined],
  ])("%s", (_, message, place) => {
    expect(placeInMessage(message, "./apps")).toEqual(place);
  });
});

const build: BuildFact = {
  objects: [
    {
      kind: "Deployment",
      namespace: "",
      name: "web",
      file: "apps/web.yaml",
      line: 1,
      fields: {},
      variables: { tag: { file: "apps/web.yaml", line: 17 } },
    },
  ],
};

test("a variable is where it is used first, and any other trouble of an object where it begins", () => {
  const of = (problem: string) => placeOf(`post build failed for 'Deployment.v1.apps/web': envsubst error: ${problem}`, "./apps", build);
  expect(of(`variable substitution failed: variable not set (strict mode): "tag"`)).toEqual({ file: "apps/web.yaml", line: 17 });
  expect(of("missing closing brace")).toEqual({ file: "apps/web.yaml", line: 1 });
  expect(of(`variable substitution failed: variable not set (strict mode): "constructor"`)).toEqual({ file: "apps/web.yaml", line: 1 });
});

test("where files and message tell of the same file, the files add the line", () => {
  const known = { objects: [], failure: { message: "x", place: { file: "apps/kustomization.yaml", line: 4 } } };
  expect(placeOf("kustomize build failed: x", "./apps", known)).toEqual({ file: "apps/kustomization.yaml", line: 4 });
});
