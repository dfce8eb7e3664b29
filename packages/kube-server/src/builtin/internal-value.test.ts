// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { internalValue } from "./internal-value.ts";

describe("internalValue", () => {
  test("prints Go's fields, all of them, pointers as null", () => {
    expect(JSON.stringify(internalValue("rbac.RoleRef", { kind: "Role", name: "x" }))).toBe('{"APIGroup":"","Kind":"Role","Name":"x"}');
    expect(internalValue("policy.PodDisruptionBudgetSpec", { minAvailable: "50%" })).toEqual({
      MinAvailable: "50%",
      Selector: null,
      MaxUnavailable: null,
      UnhealthyPodEvictionPolicy: null,
    });
  });

  test("what a pod shares with its host is in its security context", () => {
    const printed = internalValue("core.PodSpec", { containers: [], hostNetwork: true });
    expect(printed["SecurityContext"]).toMatchObject({ HostNetwork: true, HostPID: false });
    expect(printed).not.toHaveProperty("HostNetwork");
  });

  test("a type that the table lacks is a mistake of ours", () => {
    expect(() => internalValue("core.Nope", {})).toThrow("run tools/generate-builtin");
  });
});
