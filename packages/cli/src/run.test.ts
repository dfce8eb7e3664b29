// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { Command } from "./command.ts";
import type { Io } from "./io.ts";
import { root } from "./root.ts";
import { runCommand } from "./run.ts";

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(
  argv: string,
  options: { readonly env?: Record<string, string>; readonly stdin?: string; readonly tree?: Command } = {},
): Promise<Outcome> {
  let out = "";
  let err = "";
  const io: Io = {
    stdout: (text) => (out += text),
    stderr: (text) => (err += text),
    stdin: () => Promise.resolve(options.stdin ?? ""),
    ask: () => Promise.reject(new Error("nobody is there")),
    env: options.env ?? {},
    cwd: "/",
    home: "/nonexistent",
    clock: { now: () => 0, after: () => () => {} },
    terminal: { isTty: false, columns: 80 },
    signal: new AbortController().signal,
  };
  const code = await runCommand(options.tree ?? root, argv === "" ? [] : argv.split(" "), io);
  return { code, out, err };
}

/** A command that prints what it was given. */
const echo: Command = {
  name: "flux",
  version: "1",
  short: "test",
  persistentFlags: [{ name: "namespace", short: "n", type: "string", default: "flux-system", usage: "namespace" }],
  children: [
    {
      name: "echo",
      short: "echo",
      arguments: { min: 0, max: 2 },
      flags: [
        { name: "all", short: "A", type: "bool", usage: "all" },
        { name: "label", type: "stringSlice", usage: "labels" },
        { name: "wait-for", type: "duration", default: "5m0s", usage: "time" },
      ],
      load: () =>
        Promise.resolve(async ({ args, flags, io }) => {
          io.stdout(
            JSON.stringify({
              args,
              namespace: flags.string("namespace"),
              all: flags.bool("all"),
              label: flags.strings("label"),
              ms: flags.durationMs("wait-for"),
            }),
          );
        }),
    },
  ],
};

describe("flags are parsed as pflag parses them", () => {
  test.each([
    ["echo a b", { args: ["a", "b"], namespace: "flux-system", all: false, label: [], ms: 300_000 }],
    ["echo -An web a", { args: ["a"], namespace: "web", all: true }],
    ["-n web echo a", { args: ["a"], namespace: "web" }],
    ["echo --namespace=web --label a=1,b=2 --label c=3", { namespace: "web", label: ["a=1", "b=2", "c=3"] }],
    ["echo -n=web --all=false", { namespace: "web", all: false }],
    ["echo --wait-for 1m30s -- --all", { args: ["--all"], ms: 90_000, all: false }],
  ])("%s", async (argv, expected) => {
    const { code, out } = await run(argv, { tree: echo });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject(expected);
  });

  test.each([
    ["echo --nope", "✗ unknown flag: --nope\n"],
    ["echo -o x", "✗ unknown shorthand flag: 'o' in -o\n"],
    ["echo --namespace", "✗ flag needs an argument: --namespace\n"],
    ["echo -n", "✗ flag needs an argument: 'n' in -n\n"],
    ["echo --wait-for soon", '✗ invalid argument "soon" for "--wait-for" flag: time: invalid duration "soon"\n'],
    ["echo a b c", "✗ accepts between 0 and 2 arg(s), received 3\n"],
    ["eco", '✗ unknown command "eco" for "flux"\n\nDid you mean this?\n\techo\n\n'],
  ])("%s fails", async (argv, expected) => {
    expect(await run(argv, { tree: echo })).toEqual({ code: 1, out: "", err: expected });
  });
});

describe("flux", () => {
  test("--version prints name and version", async () => {
    expect((await run("--version")).out).toMatch(/^flux version \d+\.\d+\.\d+\n$/);
  });

  test("help of a group names its commands, flags and the global flags", async () => {
    const { code, out } = await run("get --help");
    expect(code).toBe(0);
    expect(out).toMatch(/Available Commands:\n {2}alert-providers .*\n {2}alerts /);
    expect(out).toContain("-A, --all-namespaces");
    expect(out).toContain("Global Flags:\n");
    expect(out).toContain('Use "flux get [command] --help" for more information about a command.\n');
  });

  test("a group with an unknown subcommand prints its help, as upstream does", async () => {
    expect(await run("get nope")).toMatchObject({ code: 0, err: "" });
  });

  test("envsubst fills in variables line by line", async () => {
    const stdin = "name: ${name}\nport: ${port:=80}\n";
    expect(await run("envsubst", { stdin, env: { name: "web" } })).toEqual({ code: 0, out: "name: web\nport: 80\n", err: "" });
  });

  test("envsubst --strict names the variable that is not set (G-SUB-9)", async () => {
    const { code, err, out } = await run("envsubst --strict", { stdin: "name: ${nobody}\n" });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain('variable not set (strict mode): "nobody"');
  });

  test("without a kubeconfig the error says what to try", async () => {
    const { code, err } = await run("get kustomizations");
    expect(code).toBe(1);
    expect(err).toContain("try setting KUBECONFIG");
  });

  test("a kubeconfig that is not there is told as upstream tells it", async () => {
    expect((await run("get kustomizations --kubeconfig=/nonexistent/kubeconfig")).err).toBe(
      "✗ stat /nonexistent/kubeconfig: no such file or directory\n",
    );
  });

  test("__complete offers commands, flags and the values of flags", async () => {
    expect((await run("__complete get so")).out).toBe("sources\tPrint sources, and whether they are ready\n:4\n");
    expect((await run("__complete get --no")).out).toContain("--no-header\t");
    expect((await run("__complete get ks --output ")).out).toBe("wide\njson\nyaml\nname\n:4\n");
  });

  test.each(["bash", "zsh", "fish", "powershell"])("completion %s asks __complete", async (shell) => {
    expect((await run(`completion ${shell}`)).out).toContain("__complete");
  });
});
