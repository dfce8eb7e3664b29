// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { applierFlags, controllerFlags, processFlags } from "./common-flags.ts";
import { listFlag } from "./flag.ts";
import { parseFlags, type ValuesOfSets } from "./parse-flags.ts";

const sets = {
  "": processFlags,
  "source-controller": {
    ...controllerFlags({ concurrent: 2, gates: { ObjectLevelWorkloadIdentity: false } }),
    "ssh-kex-algos": listFlag(""),
  },
  "kustomize-controller": {
    ...controllerFlags({
      concurrent: 4,
      gates: { StrictPostBuildSubstitutions: true, ObjectLevelWorkloadIdentity: false },
    }),
    ...applierFlags,
    "ssh-kex-algos": listFlag(""),
  },
};
const parse = (...argv: string[]): ValuesOfSets<typeof sets> => parseFlags(argv, sets, ["sops-age-secret"]);

test("without flags every component has the defaults of the spec", () => {
  const values = parse();
  expect(values[""]["metrics-addr"]).toBe(":8080");
  expect([values["source-controller"].concurrent, values["kustomize-controller"].concurrent]).toEqual([2, 4]);
  expect(values["kustomize-controller"]["max-retry-delay"]).toBe(900_000);
  expect(values["kustomize-controller"]["feature-gates"].StrictPostBuildSubstitutions).toBe(true);
});

test("a flag is for all, with the name of a controller for one, which wins wherever it stands", () => {
  const values = parse("--kustomize-controller.concurrent=20", "--concurrent", "8", "--enable-leader-election");
  expect([values["source-controller"].concurrent, values["kustomize-controller"].concurrent]).toEqual([8, 20]);
  expect(values["source-controller"]["enable-leader-election"]).toBe(true);
});

test("lists add up, and start anew for one component", () => {
  const values = parse(
    "--ssh-kex-algos=a,b",
    "--ssh-kex-algos",
    "c",
    "--kustomize-controller.ssh-kex-algos=d",
    "--kustomize-controller.ssh-kex-algos=e",
  );
  expect(values["source-controller"]["ssh-kex-algos"]).toEqual(["a", "b", "c"]);
  expect(values["kustomize-controller"]["ssh-kex-algos"]).toEqual(["d", "e"]);
});

test("gates go to every component that has them", () => {
  const values = parse("--feature-gates=StrictPostBuildSubstitutions=false,ObjectLevelWorkloadIdentity=true");
  expect(values["kustomize-controller"]["feature-gates"]).toEqual({
    StrictPostBuildSubstitutions: false,
    ObjectLevelWorkloadIdentity: true,
  });
  expect(values["source-controller"]["feature-gates"]).toEqual({ ObjectLevelWorkloadIdentity: true });
});

test.each([
  [["--nope"], "unknown flag: --nope"],
  [["--nope=1"], "unknown flag: --nope"],
  [["--helm-controller.concurrent=1"], 'no controller of the name "helm-controller" runs here'],
  [["--source-controller.nope=1"], "source-controller has no flag --nope"],
  [["--source-controller.no-cross-namespace-refs"], "source-controller has no flag --no-cross-namespace-refs"],
  [["--sops-age-secret=x"], "flag --sops-age-secret: Flux has it, flux-ts does not yet"],
  [["--concurrent"], "flag needs an argument: --concurrent"],
  [["--concurrent=many"], 'invalid argument "many" for "--concurrent" flag: must be an integer'],
  [["--concurrent=0"], "must be from 1 to 10000"],
  [["--interval-jitter-percentage=100"], "must be from 0 to 99"],
  [["--max-retry-delay=10"], 'time: missing unit in duration "10"'],
  [["--log-level=warn"], "must be one of trace, debug, info, error"],
  [["--enable-leader-election=maybe"], "must be true or false"],
  [["--feature-gates=Typo=true"], "feature-gate 'Typo' not supported"],
  [["--feature-gates=StrictPostBuildSubstitutions"], "missing bool value for StrictPostBuildSubstitutions"],
  [["--kustomize-controller.feature-gates=Typo=true"], "feature-gate 'Typo' not supported"],
  [["serve"], 'unexpected argument "serve"'],
  [["--__proto__=1"], "unknown flag: --__proto__"],
  [["--constructor.name=1"], "no controller of the name"],
])("%j is refused by name", (argv, message) => {
  expect(() => parse(...argv)).toThrow(message);
});
