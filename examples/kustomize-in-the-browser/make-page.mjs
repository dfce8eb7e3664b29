// SPDX-License-Identifier: Apache-2.0
// Writes the page as one file, which needs no server: node examples/kustomize-in-the-browser/make-page.mjs OUT.html
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const placeholder = "/* app.mjs, bundled */";

/** @returns {Promise<string>} the page's HTML */
export async function makePage() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("app.mjs", import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    platform: "browser",
    format: "esm",
    target: "es2023",
    conditions: ["source"],
    legalComments: "none",
  });
  // Inside of a script element, only its end ends it.
  const script = outputFiles[0].text.replaceAll("</script", "<\\/script");
  const page = readFileSync(new URL("page.html", import.meta.url), "utf8");
  return page.replace(placeholder, () => script);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , target = "kustomize.html"] = process.argv;
  writeFileSync(target, await makePage());
  console.log(`Wrote ${target}: open it in a browser.`);
}
