// SPDX-License-Identifier: Apache-2.0
// Bundles the programs of packages/flux-ts into packages/flux-ts/bundle: what the commands in node_modules/.bin run.
// `prepare` calls it after every install; without esbuild (an install without dev dependencies) there is nothing to do.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const programs = ["flux", "flux-controllers", "kustomize-ts", "compute-worker", "flux-lab", "lab"]
  .map((name) => ({ name, entry: name === "lab" ? `${root}tools/lab/main.ts` : `${root}packages/flux-ts/src/programs/${name}.ts` }))
  .filter(({ entry }) => existsSync(entry));

/** Programs that start and end soon: each a CommonJS bundle of its own, with what V8 makes of it (bin/run-cached.cjs). */
const quick = ["helm-ts"].filter((name) => existsSync(`${root}packages/flux-ts/src/programs/${name}.ts`));

/** A chart that uses what charts use, for warming. */
const sampleChart = {
  "Chart.yaml": "apiVersion: v2\nname: sample\nversion: 1.0.0\nappVersion: '2'\n",
  "values.yaml": "replicas: 1\nimage: {name: x, tag: ''}\nlabels: {a: b}\nlist: [1, 2]\ningress: {enabled: true, hosts: [{host: a}]}\n",
  "values.schema.json": '{"type":"object","properties":{"replicas":{"type":"integer","minimum":1},"labels":{"type":"object"}}}',
  "templates/_helpers.tpl":
    '{{/* names */}}{{- define "name" -}}{{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}{{- end }}\n{{- define "labels" -}}\napp: {{ include "name" . }}\nchart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | quote }}\n{{- range $key, $value := .Values.labels }}\n{{ $key }}: {{ $value | quote }}\n{{- end }}\n{{- end }}\n',
  "templates/a.yaml":
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ include "name" . }}\n  labels: {{- include "labels" . | nindent 4 }}\nspec:\n  replicas: {{ .Values.replicas }}\n  {{- if and .Values.list (not .Values.missing) (eq (len .Values.list) 2) }}\n  list: {{- toYaml .Values.list | nindent 4 }}\n  {{- else }}\n  none: true\n  {{- end }}\n  image: "{{ .Values.image.name }}:{{ .Values.image.tag | default .Chart.AppVersion }}"\n  {{- with .Values.labels }}\n  more: {{ toJson . }}\n  {{- end }}\n  sum: {{ include (print $.Template.BasePath "/b.yaml") . | sha256sum }}\n',
  "templates/b.yaml":
    '{{- if .Values.ingress.enabled -}}\n{{- $name := include "name" . -}}\n{{- if semverCompare ">=1.19-0" .Capabilities.KubeVersion.Version }}\napiVersion: networking.k8s.io/v1\n{{- end }}\nkind: Ingress\nmetadata:\n  name: {{ $name }}\n  annotations: {helm.sh/hook: post-install}\nspec:\n  {{- range .Values.ingress.hosts }}\n  - host: {{ tpl .host $ | quote }}\n  {{- end }}\n{{- end }}\n',
  "templates/NOTES.txt": 'Installed {{ .Release.Name }}: {{ .Values.list | join "," | b64enc | trunc 8 | upper }}\n',
};

/** @param {string} outdir @param {readonly string[]} names */
async function bundleQuick(outdir, names) {
  const chosen = quick.filter((name) => names.includes(name));
  if (chosen.length === 0) return;
  const esbuild = await import("esbuild");
  mkdirSync(outdir, { recursive: true });
  const chart = mkdtempSync(join(tmpdir(), "flux-ts-sample-"));
  try {
    mkdirSync(join(chart, "templates"));
    for (const [path, text] of Object.entries(sampleChart)) writeFileSync(join(chart, path), text);
    for (const name of chosen) {
      // V8 tells a bundle that has changed by its length alone: what it made of an older one goes first.
      for (const old of readdirSync(outdir)) if (old.startsWith(`${name}.`) && old.endsWith(".cache")) rmSync(join(outdir, old));
      await esbuild.build({
        entryPoints: [`${root}packages/flux-ts/src/programs/${name}.ts`],
        outfile: join(outdir, `${name}.cjs`),
        bundle: true,
        platform: "node",
        format: "cjs",
        target: "node20",
        conditions: ["source"],
        legalComments: "none",
        logLevel: "warning",
      });
      const warm = `require(${JSON.stringify(`${root}packages/flux-ts/bin/run-cached.cjs`)}).warm(${JSON.stringify(name)}, ["template", "r", ${JSON.stringify(chart)}], ${JSON.stringify(outdir)})`;
      // Without the cache the command runs all the same.
      spawnSync(process.execPath, ["-e", warm], { stdio: "ignore" });
    }
  } finally {
    rmSync(chart, { recursive: true, force: true });
  }
}

/**
 * @param {string} [outdir] the programs are written there; the folder that `bin` runs when left out
 * @param {readonly string[]} [names] only these programs
 * @returns {Promise<void>}
 */
export async function bundle(outdir = `${root}packages/flux-ts/bundle`, names = [...programs.map(({ name }) => name), ...quick]) {
  await bundleQuick(outdir, names);
  // What programs share is loaded by all of them. One that starts for a moment's work has its code for itself.
  const apart = names.filter((name) => name === "kustomize-ts");
  const together = names.filter((name) => !apart.includes(name) && !quick.includes(name));
  for (const group of [together, apart]) if (group.length > 0) await bundleGroup(outdir, group);
}

/** @param {string} outdir @param {readonly string[]} names */
async function bundleGroup(outdir, names) {
  const esbuild = await import("esbuild");
  await esbuild.build({
    entryPoints: Object.fromEntries(programs.filter(({ name }) => names.includes(name)).map(({ name, entry }) => [name, entry])),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["source"],
    legalComments: "none",
    logLevel: "warning",
    // CommonJS dependencies inside an ES module bundle still ask for require().
    banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  let hasEsbuild = true;
  try {
    import.meta.resolve("esbuild");
  } catch {
    hasEsbuild = false;
  }
  // `node tools/bundle.mjs OUTDIR PROGRAM…` bundles some programs elsewhere: for tests, which run what the sources say now.
  const [outdir, ...names] = process.argv.slice(2);
  if (hasEsbuild && programs.length > 0) await bundle(outdir, names.length > 0 ? names : undefined);
}
