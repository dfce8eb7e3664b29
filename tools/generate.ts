// SPDX-License-Identifier: Apache-2.0
// npm run generate [-- --check]
// Writes what is made of the kinds as data: CustomResourceDefinitions and reference pages.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { definitionMetadata, fluxKinds } from "@flux-ts/flux-api";
import { stringifyYaml, toCustomResourceDefinition } from "@flux-ts/kube-core";
import { kindPage } from "./generate/kind-page.ts";
import { reasonsPage } from "./generate/reasons-page.ts";

const HELP = `Usage: npm run generate [-- --check]

Writes the files that are made of the kinds of packages/flux-api:
  packages/flux-api/generated/crds/*.yaml   CustomResourceDefinitions
  docs/reference/kinds/*.md                 one page for each kind
  docs/reference/reasons.md                 every reason of a condition

  --check   write nothing; exit with status 1 when a file is not what it would be
`;

/** Folders that hold generated files and nothing else: others in there are left over. */
const FOLDERS = ["packages/flux-api/generated/crds", "docs/reference/kinds"];

/** Contents by path. */
function generate(): ReadonlyMap<string, string> {
  const files = new Map<string, string>([["docs/reference/reasons.md", reasonsPage(fluxKinds)]]);
  for (const kind of fluxKinds) {
    const definition = toCustomResourceDefinition(kind, definitionMetadata(kind));
    files.set(`packages/flux-api/generated/crds/${kind.group}_${kind.plural}.yaml`, `---\n${stringifyYaml(definition)}`);
    files.set(`docs/reference/kinds/${kind.kind.toLowerCase()}.md`, kindPage(kind));
  }
  return files;
}

function main(args: readonly string[]): number {
  if (args.includes("--help")) {
    process.stdout.write(HELP);
    return 0;
  }
  const root = fileURLToPath(new URL("..", import.meta.url));
  const files = generate();
  const left = FOLDERS.flatMap((folder) => {
    const path = join(root, folder);
    return existsSync(path) ? readdirSync(path).map((name) => `${folder}/${name}`) : [];
  }).filter((file) => !files.has(file));
  const changed = [...files].filter(([file, text]) => !existsSync(join(root, file)) || readFileSync(join(root, file), "utf8") !== text);
  if (args.includes("--check")) {
    for (const [file] of changed) process.stderr.write(`${file} is not up to date\n`);
    for (const file of left) process.stderr.write(`${file} is left over\n`);
    return changed.length + left.length === 0 ? 0 : 1;
  }
  for (const [file, text] of changed) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  for (const file of left) rmSync(join(root, file));
  process.stdout.write(`${files.size} files: ${changed.length} written, ${left.length} removed\n`);
  return 0;
}

process.exitCode = main(process.argv.slice(2));
