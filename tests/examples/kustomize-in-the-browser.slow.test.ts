// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

/** Where Chromium is on this machine; CHROMIUM names another. */
const program = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => path !== undefined && existsSync(path),
);

describe.skipIf(program === undefined)(
  `the page of kustomize${program === undefined ? " (skipped: Chromium is not installed)" : ""}`,
  () => {
    let folder: string;
    let browser: Browser;
    let page: Page;
    const requests: string[] = [];
    const problems: string[] = [];

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "kustomize-page-"));
      const script = fileURLToPath(new URL("../../examples/kustomize-in-the-browser/make-page.mjs", import.meta.url));
      execFileSync(process.execPath, [script, join(folder, "page.html")]);
      browser = await chromium.launch({ executablePath: program ?? "", args: ["--no-sandbox"] });
    }, 60_000);

    afterAll(async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    });

    beforeEach(async () => {
      page = await browser.newPage();
      requests.length = 0;
      problems.length = 0;
      page.on("request", (request) => requests.push(request.url()));
      page.on("pageerror", (error) => problems.push(error.message));
      await page.goto(pathToFileURL(join(folder, "page.html")).href);
    });

    test("shows the build of its example, and where each line comes from, without any request", async () => {
      const output = (await page.textContent("#output")) ?? "";
      expect(output).toMatch(/^overlays\/prod\/kustomization\.yaml:1 +│ {3}name: prod-settings-/m);
      expect(output).toMatch(/^overlays\/prod\/kustomization\.yaml:5 +│ .*image: nginx:1\.27\.1$/m);
      expect(output).toMatch(/^base\/web\.yaml:\d+ +│ {3}selector:$/m);
      expect(requests).toHaveLength(1);
      expect(problems).toEqual([]);
    });

    test("builds what is pasted; YAML alone without origins", async () => {
      await page.fill(
        "#tree",
        "==> a/kustomization.yaml <==\nresources: [cm.yaml]\nnameSuffix: -x\n==> a/cm.yaml <==\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n",
      );
      await page.uncheck("#origins");
      expect(await page.textContent("#output")).toBe("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c-x\n");
      expect(await page.locator("#folder option").allTextContents()).toEqual(["a"]);
    });

    test("an error tells file and line", async () => {
      await page.fill("#tree", "==> kustomization.yaml <==\nnamePrefix: a-\nimagez: []\n");
      expect(await page.textContent("#problem")).toContain('kustomization.yaml:2: invalid Kustomization: json: unknown field "imagez"');
      expect(await page.textContent("#output")).toBe("");
    });

    test("a field that goes out of use tells what to write", async () => {
      await page.fill("#tree", "==> kustomization.yaml <==\ncommonLabels: {a: b}\n");
      expect(await page.textContent("#notes")).toContain(
        "kustomization.yaml:1: commonLabels goes out of use. Write:\nlabels:\n- includeSelectors: true",
      );
    });

    test("takes a folder that is chosen", async () => {
      const tree = join(folder, "tree");
      mkdirSync(join(tree, "base"), { recursive: true });
      writeFileSync(join(tree, "kustomization.yaml"), "resources: [base]\nnamespace: shop\n");
      writeFileSync(join(tree, "base", "kustomization.yaml"), "configMapGenerator: [{name: g, literals: [a=b]}]\n");
      await page.setInputFiles("#choose", tree);
      await expect.poll(() => page.textContent("#output")).toContain("namespace: shop");
      expect(await page.inputValue("#folder")).toBe("tree");
      expect(problems).toEqual([]);
    });

    test("takes a file that is dropped", async () => {
      // A drop needs files of the browser's own, which a script can make too.
      await page.evaluate(`{
      const transfer = new DataTransfer();
      transfer.items.add(new File(["configMapGenerator: [{name: dropped}]\\n"], "kustomization.yaml"));
      dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, cancelable: true }));
    }`);
      await expect.poll(() => page.textContent("#output")).toContain("name: dropped-");
    });
  },
);
