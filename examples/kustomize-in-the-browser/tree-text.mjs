// SPDX-License-Identifier: Apache-2.0

const header = /^==> (.+) <==$/;

/**
 * Files in one text, each behind a line `==> path <==`. Text before the first such line is `kustomization.yaml`.
 *
 * @param {string} text
 * @returns {Map<string, string>}
 */
export function parseTree(text) {
  const files = new Map();
  let path = "kustomization.yaml";
  let lines = [];
  const close = () => {
    const content = lines.join("\n");
    if (content.trim() !== "" || path !== "kustomization.yaml") files.set(path, content);
  };
  for (const line of text.split(/\r?\n/)) {
    const next = header.exec(line)?.[1];
    if (next === undefined) lines.push(line);
    else {
      close();
      path = next.replace(/^(?:\.?\/)+/, "");
      lines = [];
    }
  }
  close();
  return files;
}

/** @param {Iterable<readonly [string, string]>} files */
export function formatTree(files) {
  return [...files].map(([path, text]) => `==> ${path} <==\n${text}${text.endsWith("\n") ? "" : "\n"}`).join("");
}

/**
 * The folders that have a kustomization, those first to which no other refers.
 *
 * @param {ReadonlyMap<string, string>} files
 * @returns {string[]}
 */
export function kustomizationFolders(files) {
  const kustomizations = [...files].filter(([path]) => /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(path));
  const used = new Set();
  for (const [path, text] of kustomizations) {
    for (const [, reference] of text.matchAll(/["'\s[,-]([\w.-]+(?:\/[\w.-]+)*)\/?(?=["'\s\],]|$)/g))
      used.add(resolve(folderOf(path), reference));
  }
  const folders = kustomizations.map(([path]) => folderOf(path)).sort();
  return [...folders.filter((folder) => !used.has(folder)), ...folders.filter((folder) => used.has(folder))];
}

function folderOf(path) {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

function resolve(folder, reference) {
  const out = folder === "" ? [] : folder.split("/");
  for (const part of reference.split("/")) {
    if (part === "..") out.pop();
    else if (part !== ".") out.push(part);
  }
  return out.join("/");
}
