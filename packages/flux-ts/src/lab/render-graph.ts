// SPDX-License-Identifier: Apache-2.0
import { styleText } from "node:util";
import type { GraphNode, NodeState } from "./graph.ts";

const SIGNS: Readonly<Record<NodeState, string>> = { ready: "✔", working: "◎", waiting: "◌", failed: "✗", suspended: "‖" };
const COLOURS: Readonly<Record<NodeState, Parameters<typeof styleText>[0]>> = {
  ready: "green",
  working: "yellow",
  waiting: "gray",
  failed: "red",
  suspended: "gray",
};

export interface RenderOptions {
  /** Lines are cut to this many characters. */
  readonly columns: number;
  readonly colour: boolean;
}

/** The graph as lines: a sign, the name, and what it has reached or waits for. */
export function renderGraph(nodes: readonly GraphNode[], options: RenderOptions): readonly string[] {
  const names = nodes.flatMap((node) => [node.name.length, ...node.children.map((child) => child.name.length + 3)]);
  const width = Math.max(0, ...names);
  return nodes.flatMap((node) => [
    line(node, "", width, options),
    ...node.children.map((child, index) => line(child, index === node.children.length - 1 ? "└─ " : "├─ ", width, options)),
  ]);
}

function line(node: GraphNode, branch: string, width: number, { columns, colour }: RenderOptions): string {
  const head = `${branch}${SIGNS[node.state]} ${node.name.padEnd(width - branch.length)}`;
  const text = `${head}  ${node.told.replaceAll(/\s+/g, " ")}`;
  const cut = text.length > columns ? `${text.slice(0, Math.max(0, columns - 1))}…` : text;
  return colour ? cut.replace(SIGNS[node.state], styleText(COLOURS[node.state], SIGNS[node.state])) : cut;
}

/** What changed between two graphs, a line each: for output that is not a terminal. */
export function changedLines(before: readonly GraphNode[], after: readonly GraphNode[]): readonly string[] {
  const flat = (nodes: readonly GraphNode[]): ReadonlyMap<string, GraphNode> =>
    new Map(nodes.flatMap((node) => [[node.name, node] as const, ...node.children.map((child) => [child.name, child] as const)]));
  const known = flat(before);
  return [...flat(after)].flatMap(([name, node]) => {
    const old = known.get(name);
    return old?.state === node.state && old.told === node.told ? [] : [`${SIGNS[node.state]} ${name}: ${node.told}`];
  });
}
