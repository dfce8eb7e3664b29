// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createEngine, fromPlain } from "@flux-ts/gotemplate";
import type { Bench, Figure } from "../measure.ts";
import { median } from "../measure.ts";
import { data, largeTemplate } from "./large-template.ts";

const PARTS = 300;
const ROUNDS = 15;

interface Costs {
  readonly parseMs: number;
  readonly executeMs: number;
  readonly output: string;
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Milliseconds of CPU to parse and to run a template, when the code is warm. */
function ours(text: string): Costs {
  let output = "";
  const values = fromPlain(data);
  const parse: number[] = [];
  const execute: number[] = [];
  for (let round = 0; round < ROUNDS * 2; round++) {
    const engine = createEngine();
    parse.push(cpuMs(() => engine.parse("bench", text)));
    // The first run compiles.
    engine.execute("bench", values);
    execute.push(
      cpuMs(() => {
        output = engine.execute("bench", values);
      }),
    );
  }
  return { parseMs: median(parse.slice(ROUNDS)), executeMs: median(execute.slice(ROUNDS)), output };
}

/** The same by Go's own engine; undefined where Go is missing. */
function theirs(text: string): Costs | undefined {
  const folder = mkdtempSync(join(tmpdir(), "bench-gotemplate-"));
  try {
    writeFileSync(join(folder, "template"), text);
    writeFileSync(join(folder, "data.json"), JSON.stringify(data));
    const program = fileURLToPath(new URL("reference/main.go", import.meta.url));
    const { status, stdout } = spawnSync("go", ["run", program, folder, String(ROUNDS)], { encoding: "utf8", maxBuffer: 2 ** 28 });
    if (status !== 0) return undefined;
    const read: unknown = JSON.parse(stdout);
    // What the program beside this file prints.
    return read as Costs;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(): Promise<readonly Figure[]> {
  const text = largeTemplate(PARTS);
  const own = ours(text);
  const half = ours(largeTemplate(PARTS / 2));
  const kilobytes = text.length / 1024;
  const figures: Figure[] = [
    { name: "parse a template, per 100 kB", value: (own.parseMs / kilobytes) * 100, unit: "ms" },
    { name: "run it, per 100 kB of output", value: (own.executeMs / own.output.length) * 102_400, unit: "ms" },
    { name: "run twice as much", value: own.executeMs / half.executeMs, unit: "x", target: { is: "at most", value: 2.6 } },
  ];
  const go = theirs(text);
  if (go === undefined) return [...figures, { name: "compared with Go", value: Number.NaN, unit: "x", note: "Go is not installed" }];
  if (go.output !== own.output) throw new Error("the outputs of Go's engine and ours differ");
  const note = (a: number, b: number): string => `${a.toFixed(1)} of ${b.toFixed(1)} ms CPU`;
  return [
    ...figures,
    { name: "parse, of Go's text/template", value: own.parseMs / go.parseMs, unit: "x", note: note(own.parseMs, go.parseMs) },
    {
      name: "run, of Go's text/template",
      value: own.executeMs / go.executeMs,
      unit: "x",
      target: { is: "at most", value: 0.8 },
      note: note(own.executeMs, go.executeMs),
    },
  ];
}

/** Go templates, parsed and run in process. */
export const gotemplateBench: Bench = { name: "Go templates", run };
