// SPDX-License-Identifier: Apache-2.0
// What the page does: reads a tree, builds it, shows the build and its origins.
import { build, BuildCache, KustomizeError, MemoryFileSystem, toExplainedYaml, toYaml } from "@flux-ts/kustomize";
import { formatTree, kustomizationFolders, parseTree } from "./tree-text.mjs";

const example = `==> overlays/prod/kustomization.yaml <==
namePrefix: prod-
namespace: shop
resources: [../../base]
images:
- name: nginx
  newTag: 1.27.1
==> base/kustomization.yaml <==
resources: [web.yaml]
configMapGenerator:
- name: settings
  literals: [level=info]
==> base/web.yaml <==
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: nginx:1.25
        envFrom:
        - configMapRef:
            name: settings
`;

/** @param {string} id */
const element = (id) => document.getElementById(id);
const [tree, folder, origins, problem, notes, output, choose] = ["tree", "folder", "origins", "problem", "notes", "output", "choose"].map(
  element,
);
const cache = new BuildCache();

function show() {
  const files = parseTree(tree.value);
  const folders = kustomizationFolders(files);
  const chosen = folders.includes(folder.value) ? folder.value : folders[0];
  folder.replaceChildren(...folders.map((name) => new Option(name === "" ? "." : name, name, false, name === chosen)));
  problem.textContent = "";
  notes.replaceChildren();
  output.textContent = "";
  if (chosen === undefined) {
    problem.textContent = files.size === 0 ? "" : "There is no kustomization.yaml among these files.";
    return;
  }
  try {
    const fs = new MemoryFileSystem(files);
    const options = { loadRestrictor: "none", reorder: "none", traceOrigins: origins.checked, cache };
    const { objects, deprecations, origins: known } = build(fs, `/${chosen}`, options);
    output.textContent = origins.checked ? toExplainedYaml(objects, (object) => known?.get(object), { relativeTo: "/" }) : toYaml(objects);
    for (const { path, line, field, replacement } of deprecations)
      note(`${path.slice(1)}:${line}: ${field} goes out of use. Write:\n${replacement}`);
  } catch (error) {
    if (!(error instanceof KustomizeError)) throw error;
    const { path, line, field } = error;
    const place = [path?.replace(/^\//, ""), line].filter((part) => part !== undefined).join(":");
    problem.textContent = `${place === "" ? "" : `${place}: `}${error.message}${field === undefined ? "" : ` (${field})`}`;
  }
}

/** @param {string} text */
function note(text) {
  const item = document.createElement("li");
  item.style.whiteSpace = "pre-wrap";
  item.textContent = text;
  notes.append(item);
}

/** @param {Iterable<readonly [string, string]>} files */
function take(files) {
  tree.value = formatTree(files);
  show();
}

/** The files of a folder that was dropped, by their path in it. @param {FileSystemEntry} entry @returns {Promise<[string, string][]>} */
async function filesOf(entry) {
  if (entry.name.startsWith(".git")) return [];
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [[entry.fullPath.slice(1), await file.text()]];
  }
  const reader = entry.createReader();
  const found = [];
  // A reader gives a hundred at a time, and at last none.
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break;
    for (const one of some) found.push(...(await filesOf(one)));
  }
  return found;
}

addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dropping");
});
addEventListener("dragleave", () => document.body.classList.remove("dropping"));
addEventListener("drop", async (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  // Entries and files must be asked for before anything is awaited.
  const dropped = [...(event.dataTransfer?.items ?? [])].map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const found = await Promise.all(
    dropped.map(async ({ entry, file }) => (entry !== null ? filesOf(entry) : file === null ? [] : [[file.name, await file.text()]])),
  );
  if (found.flat().length > 0) take(found.flat());
});
choose.addEventListener("change", async () => {
  const files = [...choose.files].filter(({ webkitRelativePath }) => !webkitRelativePath.includes("/.git/"));
  take(await Promise.all(files.map(async (file) => [file.webkitRelativePath, await file.text()])));
});
for (const input of [tree, folder, origins]) input.addEventListener("input", show);
tree.value = example;
show();
