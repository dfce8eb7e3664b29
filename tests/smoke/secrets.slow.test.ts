// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Bench, has } from "./lab-process.ts";

test("F29: keys and credentials of npm start are for their owner alone, and in no log, event, object or argument", async (context) => {
  if (process.platform === "win32" || !has("kubectl")) return context.skip();
  await using bench = new Bench();
  const data = join(bench.folder, "data");
  const lab = bench.start(["--data", data]);
  await lab.until(/Ctrl-C ends it/);
  expect(statSync(data).mode & 0o777).toBe(0o700);
  const files = readdirSync(data, { recursive: true, encoding: "utf8" }).filter((path) => statSync(join(data, path)).isFile());
  const keys = files.filter(
    (path) => /(^|\/)(kubeconfig|.*key.*|.*\.pem)$/.test(path) || /PRIVATE KEY/.test(readFileSync(join(data, path), "latin1")),
  );
  expect(keys.length).toBeGreaterThanOrEqual(2);
  for (const key of keys) expect(statSync(join(data, key)).mode & 0o077, key).toBe(0);

  const password = /:\/\/lab:([^@]+)@/.exec(readFileSync(join(data, "git", "fleet", ".git", "config"), "utf8"))?.[1] ?? "";
  expect(password.length).toBeGreaterThanOrEqual(20);
  const env = { KUBECONFIG: lab.kubeconfig };
  const told = [
    lab.output,
    readFileSync(join(data, "controllers.log"), "utf8"),
    await bench.shell("kubectl get events,gitrepositories,kustomizations,secrets -A -o json", env),
    ...bench.running(),
  ].join("\n");
  expect(told).not.toContain(password);
  expect(told).not.toContain("PRIVATE KEY");
  lab.signal("SIGINT");
  expect(await lab.ended).toBe(0);
});
