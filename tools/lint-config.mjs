// SPDX-License-Identifier: Apache-2.0
// Writes .oxlintrc.json from tools/arrows.json: which package may import which, what pure packages may not touch, and the
// general rules. `node tools/lint-config.mjs --check` fails when the file is not what would be written.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const arrows = JSON.parse(readFileSync(`${root}tools/arrows.json`, "utf8"));
const packages = Object.keys(arrows);
const pure = ["kube-core", "gotemplate", "kustomize", "helm", "flux-api"];
const npmName = (name) => (name === "flux-ts" ? "flux-ts" : `@flux-ts/${name}`);

const noIo = {
  globals: ["process", "setTimeout", "setInterval", "setImmediate", "fetch", "console", "Buffer"],
  properties: [
    { object: "Date", property: "now", message: "Take `now` as an argument." },
    { object: "Math", property: "random", message: "Take `random` as an argument." },
  ],
};

const config = {
  $schema: "./node_modules/oxlint/configuration_schema.json",
  plugins: ["typescript", "import", "oxc", "unicorn"],
  categories: { correctness: "error", suspicious: "off", perf: "off", style: "off" },
  ignorePatterns: ["**/dist/**", "**/bundle/**", "**/generated/**"],
  rules: {
    "import/no-cycle": "error",
    "import/no-default-export": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": ["error", { checksVoidReturn: false }],
    "typescript/consistent-type-imports": "error",
    // Ports are objects of functions, not of methods; text of unknown values is checked where it is made.
    "typescript/unbound-method": "off",
    "typescript/no-base-to-string": "off",
    "typescript/restrict-template-expressions": "off",
    // Plain sorting of strings by code units is what Kubernetes' tools do; spreading a string is by code points on purpose.
    "typescript/require-array-sort-compare": "off",
    "typescript/no-misused-spread": "off",
    // Formats say which control characters they escape.
    "no-control-regex": "off",
    "no-console": "error",
    eqeqeq: "error",
    "no-var": "error",
    "prefer-const": "error",
  },
  overrides: [
    ...packages.map((name) => {
      const forbidden = packages.filter((other) => other !== name && !arrows[name].includes(other));
      const patterns = forbidden.map((other) => ({
        regex: `^${npmName(other)}(/|$)`,
        message: `${name} may not import ${other}: arrows go down only (docs/architecture.md).`,
      }));
      patterns.push({ regex: `^${npmName(name)}(/|$)`, message: "Inside a package import the file that has the thing." });
      patterns.push({ regex: "\\.\\./\\.\\./.*packages/", message: "Import a package by its name." });
      if (pure.includes(name)) patterns.push({ regex: "^node:", message: `${name} is pure: no I/O.` });
      return {
        files: [`packages/${name}/src/**/*.ts`],
        rules: {
          "no-restricted-imports": ["error", { patterns }],
          ...(pure.includes(name)
            ? { "no-restricted-globals": ["error", ...noIo.globals], "no-restricted-properties": ["error", ...noIo.properties] }
            : {}),
        },
      };
    }),
    // A controller's folder meets another only through the API.
    ...["source", "kustomize", "helm", "notification", "image", "watcher"].map((group) => ({
      files: [`packages/controllers/src/${group}/**/*.ts`],
      rules: {
        "no-restricted-imports": [
          "error",
          {
            patterns: [
              {
                regex: `\\.\\./(${["source", "kustomize", "helm", "notification", "image", "watcher"].filter((other) => other !== group).join("|")})/`,
                message: "Controllers meet only through the API server.",
              },
              ...packages
                .filter((other) => other !== "controllers" && !arrows.controllers.includes(other))
                .map((other) => ({ regex: `^${npmName(other)}(/|$)`, message: `controllers may not import ${other}.` })),
            ],
          },
        ],
      },
    })),
    {
      files: ["**/*.test.ts", "**/scenarios/**", "**/conformance/**", "**/bench/**", "packages/testbed/**"],
      rules: { "no-restricted-imports": "off", "no-restricted-globals": "off", "no-restricted-properties": "off" },
    },
    // Doors of pure packages for Node.
    {
      files: ["packages/gotemplate/src/node.ts", "packages/helm/src/node.ts", "packages/helm/src/release/packing.ts"],
      rules: { "no-restricted-imports": "off", "no-restricted-globals": "off", "no-restricted-properties": "off" },
    },
    { files: ["tools/**", "bench/**", "examples/**", "packages/*/bench/**", "packages/flux-ts/**"], rules: { "no-console": "off" } },
    { files: ["vitest.config.ts"], rules: { "import/no-default-export": "off" } },
  ],
};

const text = `${JSON.stringify(config, null, 2)}\n`;
if (process.argv.includes("--check")) {
  if (readFileSync(`${root}.oxlintrc.json`, "utf8") !== text) {
    console.error(".oxlintrc.json is not what tools/lint-config.mjs writes: run node tools/lint-config.mjs");
    process.exit(1);
  }
} else {
  writeFileSync(`${root}.oxlintrc.json`, text);
}
