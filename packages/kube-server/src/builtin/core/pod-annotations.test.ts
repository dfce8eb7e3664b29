// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { problemsOf } from "../validation/problems.ts";
import { podAnnotationChanges, podAnnotations } from "./pod-annotations.ts";

const spec = { containers: [{ name: "c" }] };
const told = (annotations: Readonly<Record<string, string>>): string[] =>
  problemsOf((problems) => podAnnotations(annotations, spec, "m", problems)).map(({ field, detail }) => `${field}: ${detail}`);

describe("annotations of pods", () => {
  test.each<[key: string, value: string, problems: string[]]>([
    ["kubernetes.io/config.mirror", "x", ["m[kubernetes.io/config.mirror]: must set spec.nodeName if mirror pod annotation is set"]],
    ["controller.kubernetes.io/pod-deletion-cost", "-5", []],
    ["controller.kubernetes.io/pod-deletion-cost", "+5", ["m[controller.kubernetes.io/pod-deletion-cost]: must be a 32bit integer"]],
    [
      "controller.kubernetes.io/pod-deletion-cost",
      "2147483648",
      ["m[controller.kubernetes.io/pod-deletion-cost]: must be a 32bit integer"],
    ],
    ["seccomp.security.alpha.kubernetes.io/pod", "runtime/default", []],
    ["seccomp.security.alpha.kubernetes.io/pod", "nope", ["m.seccomp.security.alpha.kubernetes.io/pod: must be a valid seccomp profile"]],
    [
      "container.seccomp.security.alpha.kubernetes.io/c",
      "localhost/../x",
      ["m.container.seccomp.security.alpha.kubernetes.io/c: must not contain '..'"],
    ],
    ["container.apparmor.security.beta.kubernetes.io/c", "localhost/x", []],
    [
      "container.apparmor.security.beta.kubernetes.io/d",
      "x",
      [
        "m[container.apparmor.security.beta.kubernetes.io/d]: container not found",
        'm[container.apparmor.security.beta.kubernetes.io/d]: invalid AppArmor profile name: "x"',
      ],
    ],
  ])("%s = %s", (key, value, problems) => {
    expect(told({ [key]: value })).toEqual(problems);
  });

  test("some may not be added, changed or removed", () => {
    const mirror = { metadata: { annotations: { "kubernetes.io/config.mirror": "x", other: "1" } } };
    const none = { metadata: { annotations: { other: "2" } } };
    const changes = (now: object, old: object): string[] =>
      problemsOf((problems) => podAnnotationChanges(now as typeof none, old as typeof none, problems)).map(({ detail }) => detail);
    expect(changes(mirror, none)).toEqual(["may not add mirror pod annotation"]);
    expect(changes(none, mirror)).toEqual(["may not remove or update mirror pod annotation"]);
    expect(changes(mirror, mirror)).toEqual([]);
  });
});
