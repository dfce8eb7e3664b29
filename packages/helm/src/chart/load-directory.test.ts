// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadChart } from "../node.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "helm-directory-"));
  put("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const names = (chart: ReturnType<typeof loadChart>): string[] => chart.raw.map(({ name }) => name);

describe("folders of charts", () => {
  test(".helmignore leaves out files by name, path and folder; hidden files of templates are never read", () => {
    put("c/.helmignore", "# comment\n*.md\n/top.txt\nsub/*.txt\nskipped/\n");
    for (const path of ["a.md", "x/a.md", "top.txt", "x/top.txt", "sub/a.txt", "sub/b.yaml", "skipped/a", "templates/.hidden"])
      put(`c/${path}`, "");
    expect(names(loadChart(join(folder, "c")))).toEqual([".helmignore", "Chart.yaml", "sub/b.yaml", "x/top.txt"]);
  });

  test("a link out of the chart is refused, and followed where the user's own files are read", () => {
    put("secret.txt", "secret");
    symlinkSync(join(folder, "secret.txt"), join(folder, "c/link.txt"));
    expect(() => loadChart(join(folder, "c"))).toThrow("link.txt is a symbolic link that leads out of the chart");
    expect(names(loadChart(join(folder, "c"), { links: "followed" }))).toContain("link.txt");
  });

  test("a link to a folder around the chart does not go on without end", () => {
    symlinkSync(join(folder, "c"), join(folder, "c/loop"));
    expect(() => loadChart(join(folder, "c"))).toThrow(/deep|too many symbolic links|ELOOP/i);
  });

  test("a chart of version 1 has its dependencies in requirements.yaml, which templates can read", () => {
    put("c/Chart.yaml", "name: c\nversion: 0.1.0\n");
    put("c/requirements.yaml", "dependencies: [{name: d, version: 1.x, repository: ''}]\n");
    const chart = loadChart(join(folder, "c"));
    expect(chart.metadata).toMatchObject({ apiVersion: "v1", dependencies: [{ name: "d", version: "1.x" }] });
    expect(chart.files.map(({ name }) => name)).toEqual(["requirements.yaml"]);
  });
});
